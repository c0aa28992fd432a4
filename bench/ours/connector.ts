import type {
  Closable,
  Declaring,
  StreamerConnectorPollingInterface,
  StreamerConnectorPublishInterface,
} from '@boostercloud/streamer-connector'
import type { Contender, Target } from '../measure/contender'
import type { Received } from '../measure/workload'

/** What of ours is measured on a broker. */
export type Connector = StreamerConnectorPublishInterface & StreamerConnectorPollingInterface & Declaring & Closable
/** As a service has it that says nothing but where the broker is and who it is. */
export type StreamerOn = (target: Target) => Connector

/** A connector without the core: what is polled is handled one after another, and acknowledged by the next poll. */
export function connectorAlone(streamerOn: StreamerOn): Contender & Required<Pick<Contender, 'drain'>> {
  return {
    produce: async (target) => {
      const streamer = streamerOn(target)
      return {
        publish: (events) => streamer.publish(events as never, target.topic),
        close: () => streamer.close(),
      }
    },

    consume: async (target, handle) => {
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

    drain: async (target, take) => {
      const streamer = streamerOn(target)
      await read(streamer, target.topic, async (events) => events.length === 0 || take(events.length))
      await streamer.close()
    },
  }
}

async function read(
  streamer: Connector,
  topic: string,
  take: (events: Awaited<ReturnType<Connector['poll']>>) => Promise<boolean>
): Promise<void> {
  let last: string | undefined
  for (;;) {
    const events = await streamer.poll(topic, last)
    last = events[events.length - 1]?.eventId ?? last
    if (!(await take(events))) return
  }
}
