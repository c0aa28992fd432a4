import { decodeJson, jsonText } from '@boostercloud/streamer-connector'
import type { RecordedEvent } from '@boostercloud/streamers-lake'
import { tableLines } from '../terminal/table'

const COLUMNS = ['TIME', 'ADDRESS', 'AT', 'TYPE', 'KEY', 'ID', 'PAYLOAD']

/** Recorded events as the lines of a table, its header first. */
export function eventTable(
  events: AsyncIterable<RecordedEvent>,
  withPayload = true
): AsyncGenerator<string, void, undefined> {
  const columns = withPayload ? COLUMNS : COLUMNS.slice(0, -1)
  return tableLines(columns, cellsOf(events, columns.length))
}

async function* cellsOf(
  events: AsyncIterable<RecordedEvent>,
  columns: number
): AsyncGenerator<string[], void, undefined> {
  for await (const event of events) yield eventCells(event).slice(0, columns)
}

/** What is shown of an event in a line: when it was published, from where, its place, type, key and id, and its payload. */
export function eventCells(event: RecordedEvent): string[] {
  const { time, recordedAt, partition, position, type, key, id } = event
  const place = position === undefined ? '-' : `${partition}:${position}`
  const shown = [
    time ?? new Date(recordedAt).toISOString(),
    addressOf(event),
    place,
    type ?? '-',
    key ?? '-',
    id ?? '-',
  ]
  return [...shown, payloadText(event)]
}

/** An event as an object for JSON: its payload where it can be read, else its bytes in base64. */
export function eventObject(event: RecordedEvent, withPayload = true): object {
  const { streamer: _, topic: __, message, data: ___, recordedAt, ...known } = event
  const { contentType, contentEncoding, headers, attributes, body } = message
  return {
    address: addressOf(event),
    ...known,
    recordedAt: new Date(recordedAt).toISOString(),
    ...(contentType !== undefined && { contentType }),
    ...(contentEncoding !== undefined && { contentEncoding }),
    headers,
    attributes,
    ...(withPayload && (payloadOf(event) ?? { body: Buffer.from(body).toString('base64') })),
  }
}

function addressOf({ streamer, topic }: RecordedEvent): string {
  return topic === undefined ? streamer : `${streamer}/${topic}`
}

function payloadText(event: RecordedEvent): string {
  if (event.undecodable !== undefined) return `not decoded: ${event.undecodable}`
  const found = payloadOf(event)
  return found === undefined ? `${event.message.body.byteLength} bytes` : jsonText(found.payload)
}

/** The payload of an event; undefined where its bytes are no JSON and were not decoded. */
function payloadOf({ data, undecodable, message }: RecordedEvent): { readonly payload: unknown } | undefined {
  if (undecodable !== undefined || message.isTombstone) return undefined
  try {
    return { payload: decodeJson(data === undefined ? message.body : Buffer.from(data)) }
  } catch {
    return undefined
  }
}
