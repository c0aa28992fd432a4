import { StreamerError } from '@boostercloud/streamer-connector'
import type { HeaderValue, ReadRecord } from './driver'
import { isObject } from './option-rules'

/** A record of a function's input, with where it comes from. */
export interface PushedRecord {
  readonly topic: string
  readonly partition: number
  readonly record: ReadRecord
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * The records of what AWS Lambda hands a function for Amazon MSK or for a Kafka of one's own: whole inputs (`{ records: { 'posts-0': […] } }`),
 * or single records of them. Throws `EVENT_UNDECODABLE` for anything else: then nothing of it is taken, and Lambda tries again.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 */
export function pushedRecords(events: readonly unknown[]): PushedRecord[] {
  return events.flatMap((event) => {
    if (!isObject(event) || event.records === undefined) return [pushedRecord(event)]
    if (!isObject(event.records)) throw malformed('its records are no object')
    return Object.values(event.records).flatMap((records) => {
      if (!Array.isArray(records)) throw malformed('its records are no lists')
      return records.map(pushedRecord)
    })
  })
}

function pushedRecord(value: unknown): PushedRecord {
  if (!isObject(value)) throw malformed('a record is no object')
  const { topic, partition, offset, timestamp = 0, key, value: body, headers = [] } = value
  if (typeof topic !== 'string' || !isCount(partition) || !isCount(offset) || typeof timestamp !== 'number') {
    throw malformed('a record lacks its topic, partition or offset')
  }
  return {
    topic,
    partition,
    record: {
      offset: String(offset),
      timestamp: String(timestamp),
      key: bytesOf(key),
      value: bytesOf(body),
      headers: headersOf(headers),
    },
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function bytesOf(value: unknown): Buffer | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || !BASE64.test(value)) throw malformed('a key or value is not Base64')
  return Buffer.from(value, 'base64')
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

function malformed(why: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `This is not what Lambda hands over for Kafka: ${why}.`, {
    at: 'transformEvents',
    hint: 'Give it what the function was given, or single records of that.',
  })
}
