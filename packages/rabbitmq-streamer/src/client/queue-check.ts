import type { ChannelModel } from 'amqplib'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { RabbitMQStreamerSettings } from '../options'
import { withChannel } from './connection'
import { REPLY, replyCode } from './errors'

/** A queue of others, and who wants to read it. */
export interface ForeignQueue {
  readonly queue: string
  readonly ordering: RabbitMQStreamerSettings['ordering']
  readonly log?: StreamerLogger
}

type Arguments = Readonly<Record<string, string | number | boolean>>

/** An argument in which the queue is different, or why none was named. `current`: undefined where the queue has none, or where that was not said. */
interface Answer {
  readonly name?: string
  readonly current?: string | number | boolean
  readonly failure?: string
}

const SINGLE = 'x-single-active-consumer'
/** No queue can be made with these, so asking makes none, should the queue be deleted at this moment. Only a stream has an age to compare. */
const NEVER_MADE = { 'x-queue-type': 'stream', 'x-max-age': 'never' }
/** More than a queue of RabbitMQ can have arguments. */
const MOST_QUESTIONS = 30

/**
 * Looks what a queue of others is. AMQP has no question for that: asked to make the queue with other arguments, RabbitMQ refuses, and names the first
 * that differs. It is asked again with that one as it is, until it names the queue's type, or an argument that only streams have.
 *
 * Throws `OPTION_INVALID` for a stream: it keeps no position for its readers, so each start would lose what came while the service was away. Warns of a
 * queue that goes with the server or with its last consumer, of one that gives events of one key to several consumers where order is wanted, and
 * where it could not be found out what the queue is.
 */
export async function checkForeignQueue(model: ChannelModel, { queue, ordering, log }: ForeignQueue): Promise<void> {
  let asked: Arguments = { ...NEVER_MADE, ...(ordering === 'key' && { [SINGLE]: true }) }
  for (let question = 0; question < MOST_QUESTIONS; question += 1) {
    const { name, current, failure } = await ask(model, queue, asked)
    if (name === undefined) return warnOfUnknown(queue, failure, log)
    if (name === 'x-max-age') throw isAStream(queue)
    if (ENDS.has(name)) return warnOfLoss(queue, name, log)
    if (name === SINGLE && asked[SINGLE] === true) log?.warn(outOfOrder(queue))
    if (asked[name] === current) break
    asked = withArgument(asked, name, current)
  }
  warnOfUnknown(queue, "RabbitMQ's answers do not say it", log)
}

/** What RabbitMQ names only for a queue that is no stream, and what that means where it means a loss. */
const ENDS: ReadonlyMap<string, string | undefined> = new Map([
  ['x-queue-type', undefined],
  ['durable', 'is not durable: a restart of RabbitMQ loses it, with all unsettled events.'],
  ['auto_delete', 'is deleted with its last consumer: events that are published while the service is away are lost.'],
])

function warnOfLoss(queue: string, name: string, log?: StreamerLogger): void {
  const loss = ENDS.get(name)
  if (loss !== undefined) log?.warn(`The queue '${queue}' ${loss}`)
}

function warnOfUnknown(queue: string, why = 'it does not say why', log?: StreamerLogger): void {
  log?.warn(
    `The kind of queue '${queue}' is unknown: ${why}. A stream would lose events that arrive while the service is away.`
  )
}

function withArgument(asked: Arguments, name: string, current: Answer['current']): Arguments {
  const { [name]: _, ...rest } = asked
  return current === undefined ? rest : { ...rest, [name]: current }
}

async function ask(model: ChannelModel, queue: string, asked: Arguments): Promise<Answer> {
  try {
    await withChannel(model, (channel) => channel.assertQueue(queue, { durable: true, arguments: asked }))
    return { failure: 'RabbitMQ does not compare its arguments' }
  } catch (thrown) {
    if (replyCode(thrown) === REPLY.refused) return { failure: 'the user has no right to configure it' }
    const text = thrown instanceof Error ? thrown.message : String(thrown)
    const [, name] = /inequivalent arg '([^']+)'/.exec(text) ?? []
    if (name === undefined) throw thrown
    return { name, current: currentIn(text) }
  }
}

/** As `current is the value '1000' of type 'signedint'`, or `received 'true' but current is 'false'`. A reply has 255 bytes, so its end may be missing. */
function currentIn(text: string): Answer['current'] {
  const [, value, type] = / but current is (?:the value )?'(.*)'(?: of type '(\w+)')?"?$/s.exec(text) ?? []
  if (value === undefined) return undefined
  if (type === 'bool' || (type === undefined && /^(true|false)$/.test(value))) return value === 'true'
  return type === 'longstr' || Number.isNaN(Number(value)) ? value : Number(value)
}

function outOfOrder(queue: string): string {
  return (
    `The queue '${queue}' has no single active consumer: if several processes read it, the events of a key are not in order. ` +
    `Create it with ${SINGLE}, or give RabbitMQStreamer.with the ordering 'none' if order does not matter.`
  )
}

function isAStream(queue: string): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    'The queue is a stream, which keeps no position for its readers: each start would lose events that arrived while the service was away.',
    {
      at: `queue ${queue}`,
      hint: "Bind the service's own quorum queue to the exchange that fills the stream: give the topic an exchange and bindings, without declare: false.",
    }
  )
}
