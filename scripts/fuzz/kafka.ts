import { strict as assert } from 'node:assert'
import { gzipSync } from 'node:zlib'
import { cloudEvents, isStreamerError, receivedRecord } from '@boostercloud/streamer-connector'
import { readRecords } from '../../packages/kafka-streamer/src/client/protocol/record-batch'
import type { FetchedRecord } from '../../packages/kafka-streamer/src/client/protocol/record-batch'
import { recordForm } from '../../packages/kafka-streamer/src/wire/message'
import type { Core } from './core'
import type { Random } from './random'
import { asReceived } from './received'
import type { ReceivedEvent } from './received'

const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
  '0',
  '',
  'ce_id',
  'ce_id',
  'ce_specversion',
  'ce_schemaversion',
  'ce___proto__',
  'content-type',
  'Content-Type',
  'a\0b',
]
/** More than three records with thousands of headers each take, which are no bomb. */
const MAX_UNPACKED_BYTES = 4_000_000
const [HEAD, LENGTH_END] = [61, 12]
const FORM = recordForm({ topic: 'fuzz', partition: 0, keyCodec: 'utf8' })
/** What a bomb is made of, packed once. */
const BOMB = gzipSync(Buffer.alloc(2 * MAX_UNPACKED_BYTES))

type Header = readonly [name: Buffer, value: Buffer | null]

interface Written {
  readonly headers: readonly Header[]
}

/**
 * A batch of Kafka's records with any headers: records that are events or dead letters, or an error that says what this client lacks. A
 * batch that nobody damaged gives back each header as it was written.
 */
export async function asKafkaBatch(
  random: Random,
  { packEvent, unpackEvent }: Core
): Promise<'read' | 'refused' | 'unsupported'> {
  const { set, written } = batch(random)
  let records: FetchedRecord[]
  try {
    records = await readRecords(set, { topic: 'fuzz', partition: 0, maxUnpackedBytes: MAX_UNPACKED_BYTES })
  } catch (thrown) {
    const error = thrown as Error
    assert.ok(isStreamerError(error.cause, 'STREAMER_UNAVAILABLE'), `what is not supported says so: ${error.stack}`)
    return 'unsupported'
  }
  assert.ok(records.length <= set.length, 'there are no more records than bytes')
  if (written !== undefined) assertAsWritten(records, written)
  const events = await Promise.all(records.map(asEvent))
  for (const event of events) {
    const { undecodable, raw } = event.metadata
    if (undecodable) assert.ok(isStreamerError(undecodable, 'EVENT_UNDECODABLE'), 'what cannot be read says so')
    const { metadata } = unpackEvent(packEvent(event))
    assert.equal(metadata?.raw?.length, raw?.length, 'it can be parked')
  }
  return events.some(({ metadata }) => metadata.undecodable) ? 'refused' : 'read'
}

async function asEvent(record: FetchedRecord): Promise<ReceivedEvent> {
  const from = { streamerId: 'log', topic: 'fuzz', eventId: record.offset }
  const event = asReceived(await receivedRecord(record, { form: FORM, codec: cloudEvents, from }))
  assert.equal(event.eventId, record.offset)
  return event
}

function assertAsWritten(records: readonly FetchedRecord[], written: readonly Written[]): void {
  assert.equal(records.length, written.length, 'each record is there')
  for (const [index, { headers }] of written.entries()) {
    const read = Object.entries(records[index].headers ?? {}).map(([name, value]) => [name, [value].flat()] as const)
    assert.deepEqual(new Map(read), valuesByName(headers), 'each header is as it was written')
  }
}

/** A name that is no UTF-8 becomes another text, which is the same for all readers of Kafka. */
function valuesByName(headers: readonly Header[]): Map<string, Array<Buffer | null>> {
  const values = new Map<string, Array<Buffer | null>>()
  for (const [bytes, value] of headers) {
    const name = bytes.toString()
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return values
}

/** What was written, where the batch is whole. */
function batch(random: Random): { set: Buffer; written?: Written[] } {
  const written = Array.from({ length: 1 + random.below(3) }, () => ({ headers: headers(random) }))
  const body = Buffer.concat(written.map(({ headers }, delta) => record(random, headers, delta)))
  if (random.chance(0.001)) return { set: framed(BOMB, written.length, 1) }
  if (random.chance(0.05)) return { set: framed(gzipSync(body), written.length, 1), written }
  const set = framed(body, written.length, 0)
  return random.chance(0.6) ? { set, written } : { set: damaged(set, random) }
}

/** https://kafka.apache.org/documentation/#recordbatch */
function framed(body: Buffer, count: number, codec: number): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeInt32BE(HEAD - LENGTH_END + body.length, 8)
  head.writeInt8(2, 16)
  head.writeInt16BE(codec, 21)
  head.writeInt32BE(count - 1, 23)
  head.writeInt32BE(count, 57)
  return Buffer.concat([head, body])
}

function damaged(set: Buffer, random: Random): Buffer {
  const bytes = random.chance(0.3) ? set.subarray(0, random.below(set.length + 1)) : set
  for (let changes = 1 + random.below(4); changes > 0 && bytes.length > 0; changes -= 1) {
    const from = random.chance(0.1) ? 0 : Math.min(HEAD, bytes.length - 1)
    bytes[from + random.below(bytes.length - from)] = random.below(256)
  }
  return bytes
}

function record(random: Random, headers: readonly Header[], delta: number): Buffer {
  const parts = [Buffer.of(0), varint(random.below(1_000)), varint(delta), bytesOrNone(random), bytesOrNone(random)]
  parts.push(varint(headers.length))
  for (const [name, value] of headers) parts.push(sized(name), sized(value))
  return sized(Buffer.concat(parts))
}

function headers(random: Random): Header[] {
  if (random.chance(0.001))
    return Array.from({ length: 5_000 }, (): Header => [Buffer.from(random.of(NAMES)), Buffer.of(1)])
  return Array.from({ length: random.below(6) }, (): Header => [name(random), content(random)])
}

function name(random: Random): Buffer {
  if (random.chance(0.1)) return Buffer.from(random.bytes(random.below(8)))
  return Buffer.from(random.chance(0.8) ? random.of(NAMES) : random.text(random.below(20)))
}

function content(random: Random): Buffer | null {
  if (random.chance(0.1)) return null
  if (random.chance(0.002)) return Buffer.alloc(100_000, 'x')
  return Buffer.from(random.chance(0.5) ? random.bytes(random.below(12)) : random.text(random.below(12)))
}

const bytesOrNone = (random: Random): Buffer =>
  sized(random.chance(0.3) ? null : random.chance(0.5) ? Buffer.from('{}') : content(random))

/** Bytes behind their length; -1 where there are none. */
const sized = (bytes: Buffer | null): Buffer =>
  bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes])

/** A number in zigzag. */
function varint(number: number): Buffer {
  const bytes: number[] = []
  let left = number < 0 ? -2 * number - 1 : 2 * number
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return Buffer.of(...bytes, left)
}
