import { asItCame, bytesOfBase64, isObject, notHandedOver } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import type { HeaderValue, ReadRecord } from '../wire'

/** A record of a function's input, with where it comes from. */
export interface PushedRecord {
  readonly topic: string
  readonly partition: number
  readonly record: ReadRecord
}

/** What stands in the place of a record and does not say which one it is. */
export interface UnknownRecord {
  readonly topic: string
  /** Tells it from the others of the input. */
  readonly eventId: string
  readonly bytes: Uint8Array
  readonly error: StreamerError
}

/** As `posts-0`: under that, an input has the records of a partition. */
const PARTITION = /^(.+)-\d+$/

/**
 * The records of what AWS Lambda hands a function for Amazon MSK or for a Kafka of one's own: whole inputs (`{ records: { 'posts-0': […] } }`),
 * or single records of them. The input is AWS's, its records are anybody's: one that is not as it must be has an error, and the others are read. Throws
 * `EVENT_UNDECODABLE` for anything else: then nothing of it is taken, and Lambda tries again.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 */
export function pushedRecords(events: readonly unknown[]): (PushedRecord | UnknownRecord)[] {
  return events.flatMap((event, n) => {
    if (!isObject(event) || event.records === undefined) return [pushedRecord(event) ?? throwMalformed()]
    if (!isObject(event.records)) throw malformed('its records are no object')
    return Object.entries(event.records).flatMap(([name, records]) => {
      if (!Array.isArray(records)) throw malformed('its records are no lists')
      return records.map((record, index) => pushedRecord(record) ?? unknown(record, name, `${n}/${name}/${index}`))
    })
  })
}

const WITHOUT_PLACE = 'a record lacks its topic, partition or offset'

/** Undefined where it does not say which record it is. */
function pushedRecord(value: unknown): PushedRecord | undefined {
  if (!isObject(value)) return undefined
  const { topic, partition, offset, timestamp } = value
  if (typeof topic !== 'string' || !isCount(partition) || !isCount(offset)) return undefined
  const place = { offset: String(offset), timestamp: String(isCount(timestamp) ? timestamp : 0) }
  return { topic, partition, record: { ...place, ...contentOf(value) } }
}

function contentOf(value: Readonly<Record<string, unknown>>): Omit<ReadRecord, 'offset' | 'timestamp'> {
  try {
    const { key, value: body, headers = [] } = value
    return { key: bytesOf(key), value: bytesOf(body), headers: headersOf(headers) }
  } catch (thrown) {
    return { key: null, value: Buffer.from(asItCame(value)), unreadable: thrown as StreamerError }
  }
}

function unknown(value: unknown, name: string, eventId: string): UnknownRecord {
  const topic = PARTITION.exec(name)?.[1] ?? name
  return { topic, eventId, bytes: Buffer.from(asItCame(value)), error: malformed(WITHOUT_PLACE) }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function bytesOf(value: unknown): Buffer | null {
  if (value === undefined || value === null) return null
  const bytes = bytesOfBase64(value)
  if (bytes === undefined) throw malformed('a key or value is not Base64')
  return bytes
}

/** A list of objects, each with a name and its value as a list of bytes, which may be signed. */
function headersOf(headers: unknown): ReadRecord['headers'] {
  if (!Array.isArray(headers) || !headers.every(isObject))
    throw malformed('the headers of a record are no list of objects')
  const values = new Map<string, HeaderValue[]>()
  for (const [name, value] of headers.flatMap((header) => Object.entries(header))) {
    const known = values.get(name)
    if (known) known.push(headerValue(value))
    else values.set(name, [headerValue(value)])
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]))
}

function headerValue(value: unknown): HeaderValue {
  if (value === null) return null
  if (Array.isArray(value) && value.every((byte) => Number.isInteger(byte))) return Buffer.from(value as number[])
  throw malformed('the value of a header is no list of bytes')
}

function throwMalformed(): never {
  throw malformed(WITHOUT_PLACE)
}

function malformed(why: string): StreamerError {
  return notHandedOver('Kafka', why)
}
