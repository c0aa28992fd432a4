import { Middleware } from '@moleculer/channels'
import { ServiceBroker } from 'moleculer'
import type { Consumer, Contender, Handle, Producer, Target } from '../measure/contender'
import type { Measured } from '../measure/workload'
import type { Received } from '../measure/workload'
import { ACKS, PARTITIONS } from './settings'

type Send = (channel: string, payload: object, options: object) => Promise<void>

/** moleculer with @moleculer/channels, as its README shows for Kafka; nothing is logged. Partitions are read concurrently. */
export const moleculer: Contender = {
  async produce({ broker, topic }: Target): Promise<Producer> {
    const node = nodeOn(broker)
    await node.start()
    const { sendToChannel } = node as ServiceBroker & { sendToChannel: Send }
    const send = ({ entity, n, sentAt, text }: Measured): Promise<void> =>
      sendToChannel(topic, { entity, n, sentAt, text }, { key: entity, acks: ACKS })
    return {
      publish: async (events) => void (await Promise.all(events.map(send))),
      close: () => node.stop(),
    }
  },

  async consume({ broker, topic, group }: Target, handle: Handle): Promise<Consumer> {
    const node = nodeOn(broker)
    const channel = {
      group,
      kafka: { fromBeginning: true, partitionsConsumedConcurrently: PARTITIONS },
      handler: (event: Received) => handle(event),
    }
    node.createService({ name: 'bench', channels: { [topic]: channel } } as never)
    await node.start()
    return { close: () => node.stop() }
  },
}

function nodeOn(broker: string): ServiceBroker {
  const adapter = { type: 'Kafka', options: { kafka: { brokers: [broker] } } }
  return new ServiceBroker({ logger: false, middlewares: [Middleware({ adapter } as never) as never] })
}
