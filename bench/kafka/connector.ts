import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import type { Contender, Producer, Target } from '../measure/contender'
import type { Received } from '../measure/workload'

/** The connector without the core: what is polled is handled one after another, and acknowledged by the next poll. */
export const connector: Contender = {
  produce,

  async consume(target, handle) {
    const streamer = streamerOn(target)
    let isOpen = true
    const reading = read(streamer, target.topic, async (events) => {
      for (const { eventPayload } of events) await handle(eventPayload as Received)
      return isOpen
    })
    return {
      close: async () => {
        isOpen = false
        await streamer.close()
        await reading
      },
    }
  },

  async drain(target, take) {
    const streamer = streamerOn(target)
    await read(streamer, target.topic, async (events) => events.length === 0 || take(events.length))
    await streamer.close()
  },
}

/** Publishes by the connector, as a relay does. */
export async function produce(target: Target): Promise<Producer> {
  const streamer = streamerOn(target)
  return {
    publish: (events) => streamer.publish(events as never, target.topic),
    close: () => streamer.close(),
  }
}

/** As a service has it that says nothing but where the brokers are and which group it is. */
export function streamerOn({ broker, group }: Target): KafkaStreamer {
  return KafkaStreamer.with({ brokers: [broker], clientId: 'bench', consumer: { groupId: group } })
}

async function read(
  streamer: KafkaStreamer,
  topic: string,
  take: (events: Awaited<ReturnType<KafkaStreamer['poll']>>) => Promise<boolean>
): Promise<void> {
  let last: string | undefined
  for (;;) {
    const events = await streamer.poll(topic, last)
    last = events[events.length - 1]?.eventId ?? last
    if (!(await take(events))) return
  }
}
