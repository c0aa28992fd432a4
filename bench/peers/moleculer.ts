import { Middleware } from '@moleculer/channels'
import { ServiceBroker } from 'moleculer'
import type { Consumer, Contender, Handle, Target } from '../measure/contender'
import type { Measured, Received } from '../measure/workload'

type Send = (channel: string, payload: object, options: object) => Promise<void>

/** What is different from broker to broker. */
export interface Channels {
  /** The adapter with its options, as its README has them. */
  adapter(target: Target): { readonly type: string; readonly options: object }
  /** Of a channel, beside its name, group and handler. */
  readonly channel?: object
  /** Of an event. */
  sending?(event: Measured): object
  /** Whether an event is on its way although sending it has failed like this. */
  isSent?(error: Error): boolean
  /** The name of the channel, where it is not the topic's. */
  nameOf?(topic: string): string
}

/** moleculer with @moleculer/channels, as its README shows; nothing is logged. */
export function moleculerOn({ adapter, channel, sending, isSent, nameOf = (topic) => topic }: Channels): Contender {
  const nodeOn = (target: Target): ServiceBroker =>
    new ServiceBroker({ logger: false, middlewares: [Middleware({ adapter: adapter(target) } as never) as never] })
  return {
    async produce(target) {
      const node = nodeOn(target)
      await node.start()
      const { sendToChannel } = node as ServiceBroker & { sendToChannel: Send }
      const send = async (event: Measured): Promise<void> => {
        const { entity, n, sentAt, text } = event
        const sent = sendToChannel(nameOf(target.topic), { entity, n, sentAt, text }, sending?.(event) ?? {})
        await sent.catch((error: Error) => {
          if (!isSent?.(error)) throw error
        })
      }
      return {
        publish: async (events) => void (await Promise.all(events.map(send))),
        close: () => node.stop(),
      }
    },

    async consume(target: Target, handle: Handle): Promise<Consumer> {
      const node = nodeOn(target)
      const { group, topic } = target
      const own = { ...channel, group, handler: (event: Received) => handle(event) }
      node.createService({ name: 'bench', channels: { [nameOf(topic)]: own } } as never)
      await node.start()
      return { close: () => node.stop() }
    },
  }
}
