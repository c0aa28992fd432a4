import { isStreamerError } from '@boostercloud/streamer-connector'
import { Cursor, unreadable } from './cursor'
import { FieldTable, readTable } from './field-table'

/** The class `basic` of AMQP 0-9-1, whose messages have the properties that are read here. */
const BASIC = 60
/** Class, weight and the size of the body; then come flags, then what they say is there. */
const FLAGS_AT = 12

/** The frame that comes before a message's body, as amqplib has it. */
export interface ContentHeader {
  readonly id: number
  /** How many bytes the body has. */
  readonly size: number
  /** Texts, flags and a time by the names that amqplib gives them, and `headers` as a {@link FieldTable}. */
  readonly fields: Readonly<Record<string, unknown>>
}

type Read = (cursor: Cursor) => unknown
const text: Read = (cursor) => cursor.shortText()
const octet: Read = (cursor) => cursor.octet()

/** In the order in which they are sent, from the highest flag down (AMQP 0-9-1 §1.8.1 and §4.2.6.1). */
const PROPERTIES: readonly (readonly [name: string, read: Read])[] = [
  ['contentType', text],
  ['contentEncoding', text],
  ['headers', readTable],
  ['deliveryMode', octet],
  ['priority', octet],
  ['correlationId', text],
  ['replyTo', text],
  ['expiration', text],
  ['messageId', text],
  ['timestamp', (cursor) => cursor.bytes.readBigUInt64BE(cursor.pass(8))],
  ['type', text],
  ['userId', text],
  ['appId', text],
  ['clusterId', text],
]
const HIGHEST_FLAG = 0x8000
/** Flags of no property: the last one says that further flags follow, which no message of this class has. */
const UNKNOWN_FLAGS = 0x0003

/**
 * Reads the payload of a content header frame (AMQP 0-9-1 §4.2.6.1). Undefined for one that is not of a message of class `basic`. Never throws:
 * what cannot be read is the `error` of the headers.
 */
export function readContentHeader(payload: Buffer): ContentHeader | undefined {
  if (payload.length < FLAGS_AT + 2 || payload.readUInt16BE(0) !== BASIC) return undefined
  const size = Number(payload.readBigUInt64BE(4))
  const cursor = new Cursor(payload, FLAGS_AT, payload.length)
  const fields: Record<string, unknown> = { headers: new FieldTable([]) }
  try {
    readProperties(cursor, fields)
  } catch (thrown) {
    if (!isStreamerError(thrown)) throw thrown
    fields.headers = new FieldTable((fields.headers as FieldTable).fields, thrown)
  }
  return { id: BASIC, size, fields }
}

function readProperties(cursor: Cursor, fields: Record<string, unknown>): void {
  const flags = cursor.bytes.readUInt16BE(cursor.pass(2))
  if ((flags & UNKNOWN_FLAGS) !== 0) throw unreadable('it has a property that is unknown')
  for (let n = 0; n < PROPERTIES.length; n += 1) {
    if ((flags & (HIGHEST_FLAG >> n)) === 0) continue
    const [name, read] = PROPERTIES[n]
    fields[name] = read(cursor)
  }
}
