import type { MessageProperties, Options } from 'amqplib'
import {
  StreamerError,
  attributeHeaders,
  headerRefused,
  shownType,
  textOfBytes,
  setOwn,
} from '@boostercloud/streamer-connector'
import type { EventMetadata, ReadMessage, RecordForm, WireMessage } from '@boostercloud/streamer-connector'
import { unreadable as unreadableHeaders } from './cursor'
import { FieldTable } from './field-table'
import type { Field } from './field-table'
import { timeOf } from './field-values'

/** The header that has an event's key, which orders: its entity's id. Named as CloudEvents' partitioning extension. */
const KEY_HEADER = 'partitionkey'

/** CloudEvents AMQP binding 1.0.2 §3.1.3.1. Later drafts prefer `cloudEvents_` and have receivers take both. */
const PREFIX = 'cloudEvents:'
/** With `ce-` and `ce_` the SDKs of other bindings are read, of which some write to RabbitMQ too. */
const PREFIXED = /^(?:cloudEvents[:_]|ce[-_])(.+)$/
const { headerOf, attributeOf } = attributeHeaders(PREFIX)

/** Headers by which a publisher addresses further queues: RabbitMQ would take them for that. */
const ADDRESSING = ['CC', 'BCC']
/** What a message may have beside its body: a frame of the default size has 128 KiB, and amqplib 64 KiB for headers. */
const MOST_HEADER_BYTES = 60_000
const MOST_SHORT_BYTES = 255
/** UTF-8 bytes that a UTF-16 unit takes at the most. To count them is slower than all else that is done with a text. */
const MOST_BYTES_OF_UNIT = 3

/** A message with what AMQP 0-9-1 carries beside its body. */
export interface Encoded {
  readonly body: Buffer
  readonly properties: Options.Publish
  /** {@link sizeOf} it, or more where it is far below the bound. */
  readonly bytes: number
}

/** What of a message is read. */
export interface Received {
  readonly content: Buffer
  readonly properties: Partial<MessageProperties>
  /** Why it could not be read; its content is then what could not. */
  readonly unreadable?: StreamerError
}

/** What of the options is asked when a message is written. */
export interface EncodeOptions {
  /** Whether it comes back where no queue takes it. */
  readonly mandatory: boolean
  readonly maxEventBytes: number
}

/**
 * A message as RabbitMQ has it: CloudEvents attributes and the key among the headers, and the properties that people expect. Throws
 * `EVENT_NOT_ENCODABLE` for headers that AMQP cannot carry, or that have a name of the binding's.
 */
export function toEncoded(message: WireMessage, metadata: EventMetadata, options: EncodeOptions): Encoded {
  const at = shownType(metadata)
  const headers: Record<string, string> = { ...message.headers }
  for (const name in headers) {
    // It would arrive as what the binding has there.
    if (name === KEY_HEADER || PREFIXED.test(name)) throw headerRefused(name, 'CloudEvents has this name', at)
  }
  for (const name in message.attributes) headers[headerOf.get(name) ?? PREFIX + name] = message.attributes[name]
  if (message.key) headers[KEY_HEADER] = message.key
  const units = checkedUnits(headers, at)
  const body = toBuffer(message.body)
  const mostBytes = body.length + contentBytes(message) + units * MOST_BYTES_OF_UNIT
  const content = {
    body,
    properties: {
      headers,
      mandatory: options.mandatory,
      persistent: true,
      contentType: short(message.contentType),
      contentEncoding: short(message.contentEncoding),
      messageId: short(metadata.id),
      type: short(metadata.type),
      appId: short(metadata.source),
      correlationId: short(metadata.correlationId),
      timestamp: secondsOf(metadata.time),
    },
  }
  return { ...content, bytes: mostBytes <= options.maxEventBytes ? mostBytes : sizeOf(content) }
}

/** The encoded bytes of a message: body, key and everything beside them. */
export function sizeOf({ body, properties }: Omit<Encoded, 'bytes'>): number {
  return body.length + contentBytes(properties) + bytesOf(properties.headers as Record<string, string>)
}

function contentBytes({ contentType = '', contentEncoding = '' }: Options.Publish): number {
  return (contentType as string).length + (contentEncoding as string).length
}

/** How messages are read, of a queue and of Lambda's input. */
export const MESSAGES: RecordForm<Received> = { toMessage, bodyOf: ({ content }) => content }

/** What was received, as a codec reads it. Where no CloudEvents attributes came, the properties of AMQP say the same. */
export function toMessage({ content: body, properties, unreadable }: Received): ReadMessage {
  const { fields, error } = tableOf(properties.headers)
  const parts = new Parts()
  for (const [name, value] of fields) parts.put(name, value)
  const { attributes, headers, key } = parts
  const { contentType, timestamp } = properties as { contentType?: string; timestamp?: unknown }
  const contentEncoding = short(properties.contentEncoding as string | undefined)
  const isCloudEvent = attributes.specversion !== undefined || contentType?.startsWith('application/cloudevents')
  const time = timeOfProperty(timestamp)
  if (typeof time === 'object') parts.put('timestamp', time.digits)
  const known = isCloudEvent ? {} : attributesOf(properties, time)
  const undecodable = unreadable ?? error ?? parts.error
  return { body, contentType, contentEncoding, attributes: { ...known, ...attributes }, headers, key, undecodable }
}

/** A message under construction. */
class Parts {
  public key?: string
  public error?: StreamerError
  public readonly attributes: Record<string, string> = {}
  public readonly headers: Record<string, string> = {}

  public put(name: string, value: string): void {
    const attribute = attributeOf.get(name) ?? PREFIXED.exec(name)?.[1]
    if (attribute !== undefined) this.putAttribute(attribute, attribute === 'time' ? timeFrom(value) : value)
    else if (name !== KEY_HEADER) setOwn(this.headers, name, value)
    else if (this.key === undefined || this.key === value) this.key = value
    else this.error ??= unreadableHeaders(`${KEY_HEADER} has two values`)
  }

  private putAttribute(name: string, value: string): void {
    const known = Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined
    if (known !== undefined && known !== value)
      this.error ??= unreadableHeaders('a CloudEvents attribute has two values')
    else setOwn(this.attributes, name, value)
  }
}

/** The headers of a delivery, or as Lambda has them. */
function tableOf(headers: unknown): FieldTable {
  if (headers instanceof FieldTable) return headers
  const fields: Field[] = []
  try {
    for (const [name, value] of Object.entries(headers ?? {})) fields.push([name, toText(value)])
    return new FieldTable(fields)
  } catch {
    // What is nested deeper than the stack is high.
    return new FieldTable(fields, unreadableHeaders('a value is nested too deeply'))
  }
}

/** What AMQP's own properties say of an event: who does not know CloudEvents knows them. */
function attributesOf(properties: Partial<MessageProperties>, time: unknown): Record<string, string> {
  const { messageId, type, appId, correlationId } = properties as Partial<Record<keyof MessageProperties, unknown>>
  const given = { id: messageId, type, source: appId, correlationid: correlationId, time }
  const texts = Object.entries(given).filter(([, value]) => typeof value === 'string' && value !== '')
  return Object.fromEntries(texts) as Record<string, string>
}

/** A value of Lambda's input as text: numbers and flags as JSON has them, bytes as UTF-8 or `base64:…`, times by RFC 3339. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (Buffer.isBuffer(value)) return textOfBytes(value)
  const { '!': kind, value: inner } = (value ?? {}) as { '!'?: string; value?: unknown }
  if (kind === 'timestamp' && Number.isSafeInteger(inner)) return timeOf(BigInt(inner as number))
  return JSON.stringify(value)
}

/** Beyond these years RFC 3339 has no form. */
const RFC_3339_YEAR = /^\d{4}-/
const DIGITS = /^-?\d{1,15}$/

/** The attribute's time. AMQP 1.0 counts milliseconds, and clients that have no such type write them as a number. */
function timeFrom(text: string): string {
  const time = DIGITS.test(text) ? new Date(Number(text)).toISOString() : text
  return RFC_3339_YEAR.test(time) ? time : text
}

/** Seconds as a time by RFC 3339; their digits where that has no form for them. */
function timeOfProperty(timestamp: unknown): string | { readonly digits: string } | undefined {
  if (typeof timestamp !== 'bigint' && !Number.isSafeInteger(timestamp)) return undefined
  const time = timeOf(BigInt(timestamp as bigint | number))
  return time.includes('T') ? time : { digits: time }
}

function secondsOf(time = ''): number | undefined {
  const milliseconds = Date.parse(time)
  return milliseconds >= 0 ? Math.floor(milliseconds / 1000) : undefined
}

/** A property has one byte for its length; what is longer stands among the headers only. */
function short(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  return text.length * MOST_BYTES_OF_UNIT <= MOST_SHORT_BYTES || Buffer.byteLength(text) <= MOST_SHORT_BYTES
    ? text
    : undefined
}

/** How many UTF-16 units names and values have. */
function checkedUnits(headers: Readonly<Record<string, string>>, type: string): number {
  let units = 0
  for (const name in headers) {
    units += name.length + headers[name].length
    if (short(name) === undefined) throw notEncodable('the name of a header is empty or longer than 255 bytes', type)
  }
  for (const name of ADDRESSING) {
    if (name in headers) throw notEncodable(`RabbitMQ reads the header ${name} as further addresses`, type)
  }
  if (units * MOST_BYTES_OF_UNIT > MOST_HEADER_BYTES && bytesOf(headers) > MOST_HEADER_BYTES)
    throw notEncodable(`its headers have more than ${MOST_HEADER_BYTES} bytes`, type)
  return units
}

function bytesOf(headers: Readonly<Record<string, string>>): number {
  let bytes = 0
  for (const name in headers) bytes += Buffer.byteLength(name) + Buffer.byteLength(headers[name])
  return bytes
}

function toBuffer(body: Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

function notEncodable(why: string, at: string): StreamerError {
  return new StreamerError('EVENT_NOT_ENCODABLE', `The event cannot be written as an AMQP message: ${why}.`, {
    at,
    hint: 'Use other headers.',
  })
}
