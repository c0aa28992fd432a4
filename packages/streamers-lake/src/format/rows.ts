import type { WireMessage } from '@boostercloud/streamer-connector'
import { attributesOf, ownTexts } from './attributes'
import { textOfMicros } from './instants'
import { fromMap } from './names'
import type { RecordedEvent } from './recorded-event'

/** The values of some rows by the names of their columns, as the reading library gives them. A segment of an earlier version may lack a column. */
export type Rows = Readonly<Record<string, ArrayLike<unknown> | undefined>>

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }

/** The event of a row. A member that it has not is absent. Each event passes here, so it is made in one go. */
export function eventOf(rows: Rows, at: number): RecordedEvent {
  const others = fromMap<string | null>(rows.attributes?.[at])
  const event = textsOf(rows, at)
  event.streamer = String(rows.streamer?.[at])
  const position = rows.position?.[at]
  if (!isMissing(position)) event.position = Number(position)
  withVersionAndTime(event, rows, at, others)
  event.recordedAt = Number((rows.recorded_at?.[at] as bigint) / 1000n)
  event.message = messageOf(rows, at, event, others)
  return event
}

function withVersionAndTime(
  event: Writable<RecordedEvent>,
  rows: Rows,
  at: number,
  others: Readonly<Record<string, string | null>>
): void {
  const own = ownTexts(others)
  const version = own.version ?? rows.version?.[at]
  if (!isMissing(version)) event.version = Number(version)
  const time = own.time ?? timeOf(rows.time?.[at])
  if (time !== undefined) event.time = time
}

function textsOf(rows: Rows, at: number): Writable<RecordedEvent> {
  const event = {} as Writable<RecordedEvent>
  const topic = textAt(rows.topic, at)
  if (topic !== undefined) event.topic = topic
  const log = textAt(rows.log, at)
  if (log !== undefined) event.log = log
  const partition = textAt(rows.partition, at)
  if (partition !== undefined) event.partition = partition
  const id = textAt(rows.id, at)
  if (id !== undefined) event.id = id
  const type = textAt(rows.type, at)
  if (type !== undefined) event.type = type
  const source = textAt(rows.source, at)
  if (source !== undefined) event.source = source
  const subject = textAt(rows.subject, at)
  if (subject !== undefined) event.subject = subject
  const key = textAt(rows.key, at)
  if (key !== undefined) event.key = key
  return withRareTexts(event, rows, at)
}

function withRareTexts(event: Writable<RecordedEvent>, rows: Rows, at: number): Writable<RecordedEvent> {
  const correlationId = textAt(rows.correlation_id, at)
  if (correlationId !== undefined) event.correlationId = correlationId
  const causationId = textAt(rows.causation_id, at)
  if (causationId !== undefined) event.causationId = causationId
  const traceparent = textAt(rows.traceparent, at)
  if (traceparent !== undefined) event.traceparent = traceparent
  const data = textAt(rows.data, at)
  if (data !== undefined) event.data = data
  const undecodable = textAt(rows.undecodable, at)
  if (undecodable !== undefined) event.undecodable = undecodable
  return event
}

function messageOf(
  rows: Rows,
  at: number,
  event: Omit<RecordedEvent, 'message'>,
  others: Readonly<Record<string, string | null>>
): WireMessage {
  const body = rows.body?.[at] as Uint8Array | null | undefined
  const { attributes, key } = attributesOf(event, others)
  const message: Writable<WireMessage> = { body: body ?? NO_BODY, headers: fromMap(rows.headers?.[at]), attributes }
  if (isMissing(body)) message.isTombstone = true
  const contentType = textAt(rows.content_type, at)
  if (contentType !== undefined) message.contentType = contentType
  const contentEncoding = textAt(rows.content_encoding, at)
  if (contentEncoding !== undefined) message.contentEncoding = contentEncoding
  if (key !== undefined) message.key = key
  return message
}

const NO_BODY = new Uint8Array()

function textAt(column: ArrayLike<unknown> | undefined, at: number): string | undefined {
  return (column?.[at] as string | null | undefined) ?? undefined
}

function timeOf(micros: unknown): string | undefined {
  return typeof micros === 'bigint' ? textOfMicros(micros) : undefined
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null
}
