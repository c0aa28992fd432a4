import { StreamerError } from '@boostercloud/streamer-connector'
import type { ReplayRange } from '@boostercloud/streamer-connector'
import { unavailable } from '../client'
import type { Connection } from '../client'
import { OrderedReader } from '../consume'
import type { NatsStreamerSettings } from '../options'
import { parsePosition } from '../wire'
import type { Delivered, Position } from '../wire'

/** How many messages a replay has in memory at once, at most; twice as many are fetched ahead. */
const BATCH = 200
/** Milliseconds without a message after which the server is asked whether there are more. */
const ASK_AFTER_MS = 500

/** Messages of one stream. */
export interface Replayed {
  readonly streamId: string
  readonly delivered: readonly Delivered[]
}

/**
 * The messages of a subject within a range, up to what is there when the reading starts.
 *
 * Throws `OPTION_INVALID` for a position of another stream, and else what the client throws.
 */
export async function* replay(
  connection: Connection,
  settings: NatsStreamerSettings,
  subject: string,
  { from, to }: ReplayRange
): AsyncGenerator<Replayed, void, undefined> {
  const [start, end] = [placeOf(from), placeOf(to)]
  const included = isPosition(start) ? { streamId: start.streamId, sequence: Math.max(0, start.sequence - 1) } : start
  const reader = await OrderedReader.open(connection, settings, { subject, start: included, ahead: BATCH * 2 })
  try {
    const { streamId, lastSequence } = reader.begin
    for (const place of [start, end]) assertOf(place, streamId)
    if (isPosition(start) && start.sequence > lastSequence) return
    for await (const delivered of upToNow(reader, subject, settings.stream)) {
      const wanted = delivered.filter((one) => isBefore(one, end))
      if (wanted.length > 0) yield { streamId, delivered: wanted }
      if (wanted.length < delivered.length) return
    }
  } finally {
    reader.close(settings.stream)
  }
}

/** What a reader has to read that was there when it was made. */
async function* upToNow(
  reader: OrderedReader,
  subject: string,
  stream: string
): AsyncGenerator<Delivered[], void, undefined> {
  const { lastSequence, pending } = reader.begin
  for (let left = pending; left > 0;) {
    const delivered = await reader.next(BATCH, ASK_AFTER_MS)
    const old = delivered.filter(({ sequence }) => sequence <= lastSequence)
    yield old
    if (old.length < delivered.length) return
    // What was to come may have been forgotten in the meantime.
    left = delivered.at(-1)?.pending ?? (reader.ended ? left : await reader.pending(stream))
    if (left > 0 && reader.ended) throw cutOff(reader.ended, subject)
  }
}

/** The place behind which reading begins at a time: before the first message published then or later. */
export async function positionAtTime(
  connection: Connection,
  settings: NatsStreamerSettings,
  subject: string,
  time: Date
): Promise<Position> {
  const reader = await OrderedReader.open(connection, settings, { subject, start: time, ahead: 1 })
  try {
    const { streamId, lastSequence } = reader.begin
    for await (const [first] of upToNow(reader, subject, settings.stream)) {
      if (first) return { streamId, sequence: first.sequence - 1 }
    }
    return { streamId, sequence: lastSequence }
  } finally {
    reader.close(settings.stream)
  }
}

function cutOff(why: Error, subject: string): StreamerError {
  return unavailable(`reading was cut off: ${why.message}`, subject, why)
}

function placeOf(bound: string | Date | undefined): Position | Date | undefined {
  return typeof bound === 'string' ? parsePosition(bound) : bound
}

function isBefore({ sequence, time }: Delivered, end: Position | Date | undefined): boolean {
  if (end === undefined) return true
  return isPosition(end) ? sequence < end.sequence : time < end.getTime()
}

function isPosition(place: Position | Date | undefined): place is Position {
  return place !== undefined && !(place instanceof Date)
}

function assertOf(place: Position | Date | undefined, streamId: string): void {
  if (!isPosition(place) || place.streamId === streamId) return
  throw new StreamerError(
    'OPTION_INVALID',
    'The position belongs to another stream, which had this name before or is elsewhere.',
    {
      at: `${place.streamId}:${place.sequence}`,
      hint: 'Give a time, or a position of this stream.',
    }
  )
}
