import type { WireMessage } from '@boostercloud/streamer-connector'
import type { Encoding, SchemaElement } from 'hyparquet'
import { attributesOf, isInt32, otherAttributes, ownTexts } from './attributes'
import { microsOf, textOfMicros } from './instants'
import { fromMap, toMap } from './names'
import type { RecordedEvent } from './recorded-event'

type Kind = 'text' | 'number' | 'long' | 'time' | 'map' | 'bytes'

/** A column of the table of envelopes. */
interface Column {
  readonly name: string
  readonly kind: Kind
  /** What an event has there; null for nothing. */
  readonly of: (event: RecordedEvent) => unknown
  readonly encoding?: Encoding
}

const text = (name: string, of: Column['of']): Column => ({ name, kind: 'text', of })
const long = (name: string, kind: 'long' | 'time', of: Column['of']): Column => ({
  name,
  kind,
  of,
  encoding: 'DELTA_BINARY_PACKED',
})

/** The columns, in their order. A lake's readers know them by their names: none is ever renamed, and new ones come at the end. */
export const COLUMNS: readonly Column[] = [
  text('streamer', ({ streamer }) => streamer),
  text('topic', ({ topic }) => topic),
  text('log', ({ log }) => log),
  text('partition', ({ partition }) => partition),
  long('position', 'long', ({ position }) => (position === undefined ? null : BigInt(position))),
  text('id', ({ id }) => id),
  text('type', ({ type }) => type),
  { name: 'version', kind: 'number', of: ({ version }) => (isInt32(version) ? version : null) },
  text('source', ({ source }) => source),
  text('subject', ({ subject }) => subject),
  text('key', ({ key }) => key),
  long('time', 'time', ({ time }) => (time === undefined ? null : microsOf(time))),
  long('recorded_at', 'time', ({ recordedAt }) => BigInt(Math.trunc(recordedAt)) * 1000n),
  text('correlation_id', ({ correlationId }) => correlationId),
  text('causation_id', ({ causationId }) => causationId),
  text('traceparent', ({ traceparent }) => traceparent),
  text('content_type', ({ message }) => message.contentType),
  text('content_encoding', ({ message }) => message.contentEncoding),
  { name: 'headers', kind: 'map', of: ({ message }) => toMap(message.headers) },
  { name: 'attributes', kind: 'map', of: (event) => toMap(otherAttributes(event)) },
  {
    name: 'body',
    kind: 'bytes',
    of: ({ message }) => (message.isTombstone ? null : message.body),
  },
  text('data', ({ data }) => data),
  text('undecodable', ({ undecodable }) => undecodable),
]

const TEXT = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const
const TIME = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MICROS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
} as const

/** The schema of a segment, as Parquet writes it: the root, and each column with what it consists of. */
export const SCHEMA: SchemaElement[] = [{ name: 'event', num_children: COLUMNS.length }, ...COLUMNS.flatMap(elementsOf)]

function elementsOf({ name, kind }: Column): SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const
  if (kind === 'text') return [{ ...optional, ...TEXT }]
  if (kind === 'bytes') return [{ ...optional, type: 'BYTE_ARRAY' }]
  if (kind === 'number') return [{ ...optional, type: 'INT32' }]
  if (kind === 'long') return [{ ...optional, type: 'INT64' }]
  if (kind === 'time') return [{ ...optional, ...TIME }]
  return [
    { ...optional, num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
    { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
    { name: 'key', repetition_type: 'REQUIRED', ...TEXT },
    { name: 'value', repetition_type: 'OPTIONAL', ...TEXT },
  ]
}

/** A row by the names of its columns, as the reading library gives it. */
export type Row = Readonly<Record<string, unknown>>

/** Members of an event that are a text in a column of their own, with its name. */
const TEXTS = {
  topic: 'topic',
  log: 'log',
  partition: 'partition',
  id: 'id',
  type: 'type',
  source: 'source',
  subject: 'subject',
  key: 'key',
  correlationId: 'correlation_id',
  causationId: 'causation_id',
  traceparent: 'traceparent',
  data: 'data',
  undecodable: 'undecodable',
} as const satisfies Partial<Record<keyof RecordedEvent, string>>
const NAMES_OF_TEXTS = Object.entries(TEXTS) as [keyof typeof TEXTS, string][]

/** The event of a row. */
export function eventOf(row: Row): RecordedEvent {
  const others = fromMap<string | null>(row.attributes)
  const { time = timeOf(row.time), version = row.version } = ownTexts(others)
  const event = withoutMissing({
    ...(Object.fromEntries(NAMES_OF_TEXTS.map(([member, column]) => [member, row[column]])) as object),
    streamer: String(row.streamer),
    position: numberOf(row.position),
    version: numberOf(version),
    time,
    recordedAt: Number((row.recorded_at as bigint) / 1000n),
  })
  return { ...event, message: messageOf(row, event, others) }
}

function messageOf(
  row: Row,
  event: Omit<RecordedEvent, 'message'>,
  others: Readonly<Record<string, string | null>>
): WireMessage {
  return withoutMissing({
    body: (row.body as Uint8Array | null) ?? NO_BODY,
    isTombstone: isMissing(row.body) ? (true as const) : undefined,
    contentType: row.content_type as string | undefined,
    contentEncoding: row.content_encoding as string | undefined,
    headers: fromMap(row.headers),
    ...attributesOf(event, others),
  })
}

const NO_BODY = new Uint8Array()

function timeOf(micros: unknown): string | undefined {
  return typeof micros === 'bigint' ? textOfMicros(micros) : undefined
}

function numberOf(value: unknown): number | undefined {
  return isMissing(value) ? undefined : Number(value)
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

function withoutMissing<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => !isMissing(member))) as T
}
