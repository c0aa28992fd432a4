import type { ChannelModel } from 'amqplib'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { RabbitMQStreamerSettings, Route } from '../options'
import { withChannel } from './connection'
import { errorFrom, REPLY, replyCode } from './errors'
import { checkForeignQueue } from './queue-check'

/** What queues are made of besides a route. */
export type QueueSettings = Pick<RabbitMQStreamerSettings, 'ordering' | 'queueArguments'>

/**
 * Makes the exchange of a route where it is missing; looks whether it is there where nothing is to be made, or this user may make none.
 */
export async function declareExchange(model: ChannelModel, { exchange, exchangeType, declare }: Route): Promise<void> {
  if (exchange === '') return
  const look = (): Promise<unknown> => withChannel(model, (channel) => channel.checkExchange(exchange))
  await naming(`exchange ${exchange}`, async () => {
    if (!declare) return look()
    try {
      await withChannel(model, (channel) => channel.assertExchange(exchange, exchangeType, { durable: true }))
    } catch (thrown) {
      if (replyCode(thrown) !== REPLY.refused) throw thrown
      await look().catch(() => {
        throw thrown
      })
    }
  })
}

/** The same for the queue of a route, with its bindings. */
export async function declareQueue(
  model: ChannelModel,
  route: Route,
  settings: QueueSettings,
  log?: StreamerLogger
): Promise<void> {
  const { queue, exchange, bindings, declare } = route
  await naming(`queue ${queue}`, async () => {
    if (!declare) {
      await withChannel(model, (channel) => channel.checkQueue(queue))
      return checkForeignQueue(model, { queue, ordering: settings.ordering, log })
    }
    await assertQueue(model, queue, queueArguments(model, settings), log)
    if (exchange === '') return
    await withChannel(model, async (channel) => {
      for (const pattern of bindings) await channel.bindQueue(queue, exchange, pattern)
    })
  })
}

/** How many deliveries of one event a queue bears before it drops the event. */
const DELIVERY_LIMIT = 'x-delivery-limit'

/**
 * Quorum queues drop an event after so many deliveries: never in 3.x unless told so, after 20 from 4.0 on. There −1 switches that off;
 * 3.x takes it for 0.
 */
function queueArguments(
  model: ChannelModel,
  { ordering, queueArguments: own }: QueueSettings
): Record<string, unknown> {
  const { product, version } = model.connection.serverProperties
  const dropsByDefault = product === 'RabbitMQ' && Number.parseInt(version, 10) >= 4
  return {
    'x-queue-type': 'quorum',
    ...(ordering === 'key' && { 'x-single-active-consumer': true }),
    ...(dropsByDefault && { [DELIVERY_LIMIT]: -1 }),
    ...own,
  }
}

/** A queue that was made before, with another delivery limit, stays as it is: events must not depend on the server's version. */
async function assertQueue(
  model: ChannelModel,
  queue: string,
  args: Record<string, unknown>,
  log?: StreamerLogger
): Promise<void> {
  try {
    await withChannel(model, (channel) => channel.assertQueue(queue, { durable: true, arguments: args }))
  } catch (thrown) {
    const existing = existingLimit(thrown)
    if (existing === undefined || existing === args[DELIVERY_LIMIT]) throw thrown
    const { [DELIVERY_LIMIT]: _, ...rest } = args
    const asItIs = existing === 'none' ? rest : { ...rest, [DELIVERY_LIMIT]: existing }
    log?.warn(
      `The queue '${queue}' was created with the delivery limit ${existing}: RabbitMQ drops an event that it has delivered too often. ` +
        'Delete the queue when it is empty. It is then created without a limit.'
    )
    await withChannel(model, (channel) => channel.assertQueue(queue, { durable: true, arguments: asItIs }))
  }
}

/** As the server says: `inequivalent arg 'x-delivery-limit' for queue …: received … but current is none` or `is the value '20' of …`. */
function existingLimit(thrown: unknown): number | 'none' | undefined {
  if (replyCode(thrown) !== REPLY.precondition) return undefined
  const form = /inequivalent arg 'x-delivery-limit' .* current is (?:(none)|the value '(-?\d+)')/
  const [, none, digits] = form.exec((thrown as Error).message) ?? []
  if (none !== undefined) return 'none'
  return digits === undefined ? undefined : Number(digits)
}

async function naming(at: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    throw errorFrom(thrown, at)
  }
}
