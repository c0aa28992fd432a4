import type { Encoding, SchemaElement } from 'hyparquet'
import { isInt32, otherAttributes } from './attributes'
import { microsOf } from './instants'
import { toMap } from './names'
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
