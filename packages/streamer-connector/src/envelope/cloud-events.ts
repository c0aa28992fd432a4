import type { EventMetadata } from '../contract'
import { StreamerError } from '../contract'
import type { Codec, DecodedEvent, WireMessage } from './codec'
import { decodeJson, encodeJson } from './json-body'
import { decodeBody } from './plain-body'

/** CloudEvents attribute ↔ metadata, for the attributes that are strings on both sides. */
const STRING_ATTRIBUTES = {
  id: 'id',
  source: 'source',
  type: 'type',
  subject: 'subject',
  time: 'time',
  correlationid: 'correlationId',
  causationid: 'causationId',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const satisfies Record<string, keyof EventMetadata>

/** Attributes that metadata has a place for; others arrive among the headers. */
const KNOWN = new Set([
  ...Object.keys(STRING_ATTRIBUTES),
  'specversion',
  'schemaversion',
  'partitionkey',
  'datacontenttype',
])

const STRUCTURED = /^\s*application\/cloudevents\+/i
const JSON_FORMAT = /^\s*application\/cloudevents\+json\s*(?:;|$)/i
const BATCHED = /^\s*application\/cloudevents-batch\b/i

/**
 * CloudEvents 1.0.2, the default. Written in binary content mode: the attributes beside the body, which is the event's fields as
 * JSON. Read in binary mode, in structured mode (`application/cloudevents+json`), and, where there is nothing of CloudEvents at all,
 * as a bare body.
 *
 * Extensions written: `schemaversion`, `correlationid`, `causationid`, `traceparent`, `tracestate`, `partitionkey` (the key, where
 * it is not the subject).
 */
export const cloudEvents: Codec = {
  name: 'cloudEvents',

  encode(event, metadata): WireMessage {
    const attributes: Record<string, string> = { specversion: '1.0' }
    for (const [attribute, field] of Object.entries(STRING_ATTRIBUTES)) {
      const value = metadata[field]
      if (value) attributes[attribute] = value
    }
    if (metadata.version !== undefined) attributes.schemaversion = String(metadata.version)
    if (metadata.key && metadata.key !== metadata.subject) attributes.partitionkey = metadata.key
    return {
      body: encodeJson(event, metadata.type),
      contentType: 'application/json',
      attributes,
      headers: metadata.headers ?? {},
      key: metadata.key,
    }
  },

  decode(message): DecodedEvent {
    const contentType = message.contentType ?? ''
    if (BATCHED.test(contentType)) {
      throw undecodable(
        'A batch of CloudEvents in one message cannot be read',
        'Publish each event in a message of its own.'
      )
    }
    if (STRUCTURED.test(contentType)) return decodeStructured(message)
    return {
      payload: hasNoData(message) ? undefined : decodeBody(message),
      metadata: metadataFrom(message.attributes, message),
    }
  },
}

/** An event's data is optional (CloudEvents §2): in binary mode there is no body then. */
function hasNoData({ attributes, body }: WireMessage): boolean {
  return body.byteLength === 0 && attributes.specversion !== undefined
}

/** CloudEvents JSON format §3: one JSON object with the attributes as members and the data in `data` or `data_base64`. */
function decodeStructured(message: WireMessage): DecodedEvent {
  if (!JSON_FORMAT.test(message.contentType ?? '')) {
    throw undecodable(
      'A structured CloudEvent is not in the JSON format',
      'Publish it as application/cloudevents+json.'
    )
  }
  const envelope = decodeJson(message.body)
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) {
    throw undecodable('A structured CloudEvent is not a JSON object', 'Mend the producer.')
  }
  const { data, data_base64: base64, ...members } = envelope as Record<string, unknown>
  const attributes = Object.fromEntries(
    Object.entries(members)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([name, value]) => [name, String(value)])
  )
  const payload = base64 === undefined ? data : decodeBase64(base64, attributes.datacontenttype)
  return { payload, metadata: metadataFrom(attributes, message) }
}

function decodeBase64(base64: unknown, contentType = 'application/octet-stream'): unknown {
  const body = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64')
  if (body.toString('base64') !== base64) {
    throw undecodable('The member data_base64 is not Base64 (RFC 4648 §4)', 'Mend the producer.')
  }
  return decodeBody({ body, contentType })
}

function metadataFrom(attributes: Readonly<Record<string, string>>, message: WireMessage): EventMetadata {
  const metadata: Record<string, unknown> = {}
  for (const [attribute, field] of Object.entries(STRING_ATTRIBUTES)) {
    // An attribute that is there is not empty (CloudEvents §3.1); an empty id would make all events without one the same.
    if (attributes[attribute]) metadata[field] = attributes[attribute]
  }
  if (attributes.schemaversion !== undefined) metadata.version = versionFrom(attributes.schemaversion)
  const unknown = Object.entries(attributes).filter(([name]) => !KNOWN.has(name))
  return {
    ...metadata,
    key: [message.key, attributes.partitionkey, attributes.subject].find(Boolean),
    headers: { ...Object.fromEntries(unknown), ...message.headers },
    raw: message.body,
  }
}

function versionFrom(text: string): number {
  const version = Number(text)
  if (!/^[1-9]\d*$/.test(text) || !Number.isSafeInteger(version)) {
    throw undecodable('The attribute schemaversion is not a whole number from 1', 'Mend the producer.')
  }
  return version
}

function undecodable(what: string, mend: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `${what}.`, { mend })
}
