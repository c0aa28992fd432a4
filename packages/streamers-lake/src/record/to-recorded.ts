import { jsonText } from '@boostercloud/streamer-connector'
import type { ExternalEvent, WireMessage } from '@boostercloud/streamer-connector'
import type { RecordedEvent } from '../format'

const JSON_TYPE = /^\s*[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i
const STRUCTURED = /^\s*application\/cloudevents\+/i

/** Where events were read. */
export interface ReadAt {
  readonly streamer: string
  readonly topic?: string
  /** Whether they come in the order of their places, also when they come again. A place says nothing of what is recorded elsewhere. */
  readonly inOrder: boolean
}

/** An event as it is recorded. Never throws: one that cannot be shown as JSON is recorded without that. */
export function toRecorded(event: ExternalEvent, { streamer, topic, inOrder }: ReadAt, now: number): RecordedEvent {
  const { metadata = {} } = event
  const place = inOrder ? event.place : undefined
  const { id, type, version, source, subject, key, time, correlationId, causationId, traceparent, undecodable } =
    metadata
  const message = event.message ?? messageFor(event)
  return {
    streamer,
    topic,
    log: place?.logId,
    partition: place?.partition,
    position: place?.offset,
    id,
    type,
    version,
    source,
    subject,
    key,
    time,
    recordedAt: now,
    correlationId,
    causationId,
    traceparent,
    message,
    data: undecodable === undefined ? dataOf(event.eventPayload, message) : undefined,
    undecodable: undecodable?.message,
  }
}

/** A payload as JSON; undefined where it has no such form, as an object that contains itself. */
function jsonOf(payload: unknown): string | undefined {
  try {
    return jsonText(payload)
  } catch {
    return undefined
  }
}

/** The message of an event whose connector does not hand it over. */
function messageFor({ eventPayload, metadata = {} }: ExternalEvent): WireMessage {
  const { raw, contentType, contentEncoding, headers = {}, key } = metadata
  const body = raw ?? Buffer.from(jsonOf(eventPayload) ?? '')
  const type = raw === undefined ? 'application/json' : contentType
  return {
    body,
    ...(type !== undefined && { contentType: type }),
    ...(raw !== undefined && contentEncoding !== undefined && { contentEncoding }),
    attributes: {},
    headers,
    ...(key !== undefined && { key }),
  }
}

/** The payload as JSON, where the body is not that. */
function dataOf(payload: unknown, message: WireMessage): string | undefined {
  if (payload === undefined || payload instanceof Uint8Array || isJson(message)) return undefined
  return jsonOf(payload)
}

function isJson({ body, contentType, contentEncoding }: WireMessage): boolean {
  if (contentEncoding !== undefined) return false
  if (contentType !== undefined) return JSON_TYPE.test(contentType) && !STRUCTURED.test(contentType)
  const [first, last] = [body[0], body[body.byteLength - 1]]
  return (first === 0x7b && last === 0x7d) || (first === 0x5b && last === 0x5d)
}
