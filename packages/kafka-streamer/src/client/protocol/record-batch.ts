import { promisify } from 'node:util'
import { unzip } from 'node:zlib'
import { StreamerError, classOf } from '@boostercloud/streamer-connector'
import type { HeaderValue, ReadRecord } from '../../wire'
import { givingUp } from './kafkajs-give-up'
import { Varints } from './varints'

/** What one batch may cost. */
export interface RecordLimits {
  /** The most bytes that a compressed batch may have when it is unpacked, its records and headers counted as what they take in memory. */
  readonly maxUnpackedBytes: number
}

/** Whose records they are. */
export interface RecordsFrom extends RecordLimits {
  readonly topic: string
  readonly partition: number
}

/** A batch's own data, under the names that kafkajs looks for. */
interface BatchContext {
  readonly firstOffset: string
  readonly inTransaction: boolean
  readonly isControlBatch: boolean
  readonly lastOffsetDelta: number
  readonly producerId: string
}

/** A record in the form that kafkajs goes on with. */
export interface FetchedRecord extends ReadRecord {
  readonly isControlRecord: boolean
  readonly batchContext: BatchContext
}

interface Batch {
  readonly context: BatchContext
  readonly base: number
  readonly codec: number
  readonly count: number
  readonly body: Buffer
  readonly time: (delta: number) => number
}

const gunzip = promisify(unzip)
const [LENGTH_AT, MAGIC_AT, ATTRIBUTES_AT, HEAD] = [8, 16, 21, 61]
const LENGTH_END = 12
const [CODEC, APPEND_TIME, TRANSACTIONAL, CONTROL] = [0x7, 0x8, 0x10, 0x20]
/** What a record and a header take in memory at least, however few bytes they have in a batch. */
const [RECORD_BYTES, HEADER_BYTES] = [300, 100]
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/**
 * The records of batches (https://kafka.apache.org/documentation/#recordbatch), the last of which may have been cut off. A record, or a compressed batch, that
 * cannot be read is a record too, which says why. Once they take `maxUnpackedBytes` together, the batches that follow are left, as if they had been cut off: they
 * are fetched again. Rejects where a batch needs what this client does not have.
 */
export async function readRecords(set: Buffer, from: RecordsFrom): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = []
  let taken = 0
  for (let at = 0; at + HEAD <= set.length && taken < from.maxUnpackedBytes;) {
    const end = at + LENGTH_END + set.readInt32BE(at + LENGTH_AT)
    if (end > set.length || end < at + HEAD) break
    if (set[at + MAGIC_AT] !== 2)
      throw unsupported(`message format ${set[at + MAGIC_AT]}`, set.readBigInt64BE(at), from)
    const batch = batchOf(set.subarray(at, end))
    const room = new Room(batch.codec === 0 ? Infinity : from.maxUnpackedBytes)
    for (const record of await recordsOf(batch, room, from)) records.push(record)
    taken += room.taken
    at = end
  }
  return records
}

function batchOf(bytes: Buffer): Batch {
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT)
  const [first, last] = [Number(bytes.readBigInt64BE(27)), Number(bytes.readBigInt64BE(35))]
  return {
    base: Number(bytes.readBigInt64BE(0)),
    codec: attributes & CODEC,
    count: bytes.readInt32BE(57),
    body: bytes.subarray(HEAD),
    time: (attributes & APPEND_TIME) > 0 ? () => last : (delta) => first + delta,
    context: {
      firstOffset: bytes.readBigInt64BE(0).toString(),
      inTransaction: (attributes & TRANSACTIONAL) > 0,
      isControlBatch: (attributes & CONTROL) > 0,
      lastOffsetDelta: bytes.readInt32BE(23),
      producerId: bytes.readBigInt64BE(43).toString(),
    },
  }
}

/** Counts what a batch takes in memory. */
class Room {
  public taken = 0

  public constructor(private readonly most: number) {}

  /** Throws {@link TooLarge} where that is too much. */
  public take(bytes: number): void {
    this.taken += bytes
    if (this.taken > this.most) throw new TooLarge()
  }
}

class TooLarge extends Error {}

async function recordsOf(batch: Batch, room: Room, from: RecordsFrom): Promise<FetchedRecord[]> {
  if (batch.codec > 1) throw unsupported(`compression ${CODECS[batch.codec] ?? batch.codec}`, batch.base, from)
  try {
    const body = batch.codec === 0 ? batch.body : await gunzip(batch.body, { maxOutputLength: from.maxUnpackedBytes })
    room.take(body.length)
    return unpacked(batch, body, room)
  } catch (thrown) {
    return [
      unreadable(batch, batch.context.lastOffsetDelta, { bytes: batch.body, error: notUnpacked(thrown, batch, from) }),
    ]
  }
}

/** Throws {@link TooLarge} only. */
function unpacked(batch: Batch, body: Buffer, room: Room): FetchedRecord[] {
  const records: FetchedRecord[] = []
  const all = new Varints(body)
  const { lastOffsetDelta } = batch.context
  for (let place = 0; place < batch.count; place += 1) {
    room.take(RECORD_BYTES)
    const begin = all.at
    const bytes = nextOf(all)
    if (bytes === undefined) {
      // Where one record ends, and so where the next begins, is not known.
      return [
        ...records,
        unreadable(batch, lastOffsetDelta, { bytes: body.subarray(begin), error: malformed('its length') }),
      ]
    }
    try {
      records.push(recordOf(new Varints(bytes), batch, room))
    } catch (thrown) {
      if (thrown instanceof TooLarge) throw thrown
      const error = malformed(classOf(thrown))
      records.push(unreadable(batch, Math.min(place, lastOffsetDelta), { bytes, error }))
    }
  }
  return records
}

function nextOf(all: Varints): Buffer | undefined {
  try {
    return all.bytes() ?? undefined
  } catch {
    return undefined
  }
}

function recordOf(record: Varints, batch: Batch, room: Room): FetchedRecord {
  record.skip(1)
  const timestamp = String(batch.time(record.number()))
  const offset = String(batch.base + record.number())
  const [key, value] = [record.bytes(), record.bytes()]
  const { context } = batch
  return {
    timestamp,
    offset,
    key,
    value,
    headers: headersOf(record, room),
    isControlRecord: context.isControlBatch,
    batchContext: context,
  }
}

/** Any name may come, and any several times; an object without a prototype has none of them already. */
function headersOf(record: Varints, room: Room): NonNullable<ReadRecord['headers']> {
  const headers = Object.create(null) as Record<string, HeaderValue | HeaderValue[] | undefined>
  for (let left = record.number(); left > 0; left -= 1) {
    room.take(HEADER_BYTES)
    const name = record.bytes()?.toString() ?? ''
    const [known, value] = [headers[name], record.bytes()]
    if (known === undefined) headers[name] = value
    else if (Array.isArray(known)) known.push(value)
    else headers[name] = [known, value]
  }
  return headers as NonNullable<ReadRecord['headers']>
}

function unreadable(
  batch: Batch,
  delta: number,
  { bytes, error }: { bytes: Buffer; error: StreamerError }
): FetchedRecord {
  const { base, context, time } = batch
  return {
    timestamp: String(time(0)),
    offset: String(base + delta),
    key: null,
    value: bytes,
    headers: {},
    unreadable: error,
    isControlRecord: context.isControlBatch,
    batchContext: context,
  }
}

function notUnpacked(thrown: unknown, { base, count, context }: Batch, from: RecordsFrom): StreamerError {
  const isTooLarge = thrown instanceof TooLarge || (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
  const why = isTooLarge
    ? `it has more than ${from.maxUnpackedBytes} bytes unpacked`
    : `it is not gzip (${classOf(thrown)})`
  const at = `${from.topic}-${from.partition}-${base}`
  return new StreamerError(
    'EVENT_UNDECODABLE',
    `A compressed batch of ${count} records, offsets ${base} to ${base + context.lastOffsetDelta}, cannot be read: ${why}.`,
    {
      at,
      hint: isTooLarge
        ? "Have the producer write smaller batches, or raise the streamer's consumer.maxUnpackedBytes and replay them."
        : 'Fix the producer.',
    }
  )
}

function malformed(what: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `The record is not in Kafka's format: ${what}.`, {
    hint: 'Fix the producer.',
  })
}

/** Nothing behind it can be read either: the topic stands still, and says why. */
function unsupported(what: string, offset: number | bigint, { topic, partition }: RecordsFrom): Error {
  const cause = new StreamerError(
    'STREAMER_UNAVAILABLE',
    `The topic has records with ${what}, which this streamer does not read.`,
    {
      at: `${topic}-${partition}-${offset}`,
      hint: "Have the producers send with gzip or without compression ('compression.type' of the topic converts what is written from now on).",
      retryable: true,
    }
  )
  return givingUp(cause)
}
