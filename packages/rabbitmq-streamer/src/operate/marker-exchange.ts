import type { Channel, ChannelModel } from 'amqplib'
import { REPLY, replyCode, withChannel } from '../client'
import { markedIn } from './group-marker'
import type { Marked } from './group-marker'

/** What a marker of this state may say, and the alternate exchange that says it. */
export interface OwnMark extends Marked {
  readonly alternate: string
}

/** What cannot be done here, whoever asks. */
export class Unkept extends Error {}

/** Makes a marker that says this, where there is none; rejects where one says something else. */
export async function assertMarker(channel: Channel, marker: string, alternateExchange: string): Promise<void> {
  // AMQP has 255 bytes for a name.
  if (Math.max(Buffer.byteLength(marker), Buffer.byteLength(alternateExchange)) > 255)
    throw new Unkept(`the name '${marker}' is too long`)
  await channel.assertExchange(marker, 'fanout', { durable: true, alternateExchange })
}

/** Whether a marker says this now: it did, or there was none. */
export async function declare(model: ChannelModel, marker: string, alternateExchange: string): Promise<boolean> {
  try {
    await withChannel(model, (channel) => assertMarker(channel, marker, alternateExchange))
    return true
  } catch (thrown) {
    if (markedIn(messageOf(thrown)) === undefined) throw thrown
    return false
  }
}

/** What a marker says; undefined where there is none. What is of this state is told by comparing, for which every name has room. */
export async function look(model: ChannelModel, marker: string, own: readonly OwnMark[]): Promise<Marked | undefined> {
  try {
    await withChannel(model, (channel) => channel.checkExchange(marker))
  } catch (thrown) {
    if (replyCode(thrown) !== REPLY.notFound) throw thrown
    return undefined
  }
  for (const mark of own) if (await declare(model, marker, mark.alternate)) return mark
  try {
    await withChannel(model, (channel) => channel.assertExchange(marker, 'fanout', { durable: true }))
  } catch (thrown) {
    const marked = markedIn(messageOf(thrown))
    if (marked === undefined) throw thrown
    return marked
  }
  // Somebody has deleted it at this moment, and it was made here with nothing in it.
  await deleteUnused(model, marker)
  return undefined
}

/** Whether there is no such marker now: not while anybody is bound to it. */
export async function deleteUnused(model: ChannelModel, marker: string): Promise<boolean> {
  try {
    await withChannel(model, (channel) => channel.deleteExchange(marker, { ifUnused: true }))
    return true
  } catch (thrown) {
    if (replyCode(thrown) !== REPLY.precondition) throw thrown
    return false
  }
}

/** Whether the marker was there to be bound to. */
export async function bind(model: ChannelModel, queue: string, marker: string): Promise<boolean> {
  try {
    await withChannel(model, (channel) => channel.bindQueue(queue, marker, ''))
    return true
  } catch (thrown) {
    if (replyCode(thrown) !== REPLY.notFound) throw thrown
    return false
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
