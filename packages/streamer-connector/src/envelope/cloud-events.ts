import { StreamerError } from '../contract'
import { attributesFrom, metadataFrom } from './attributes'
import type { Codec, DecodedEvent, WireMessage } from './codec'
import { decodeJson, encodeJson } from './json-body'
import type { JsonNumbers } from './json-numbers'
import { decodeBody } from './plain-body'

const STRUCTURED = /^\s*application\/cloudevents\+/i
const JSON_FORMAT = /^\s*application\/cloudevents\+json\s*(?:;|$)/i
const BATCHED = /^\s*application\/cloudevents-batch\b/i

/**
 * CloudEvents 1.0.2, the default. Written in binary content mode: the attributes beside the body, which is the event's fields as
 * JSON. Read in binary mode, in structured mode (`application/cloudevents+json`), and, where there is nothing of CloudEvents at all,
 * as a bare body.
 *
 * Extensions written: `schemaversion` with `boosterstreamers`, which says whose it is, `correlationid`, `causationid`, `traceparent`, `tracestate`,
 * `partitionkey` (the key, where it is not the subject).
 */
export const cloudEvents: Codec = cloudEventsWith()

/** The same, with numbers of JSON bodies read as is said. */
export function cloudEventsWith(numbers?: JsonNumbers): Codec {
  return {
    name: 'cloudEvents',
    repeatable: true,

    encode(event, metadata): WireMessage {
      return {
        body: encodeJson(event, metadata.type),
        contentType: 'application/json',
        attributes: attributesFrom(metadata),
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
      if (STRUCTURED.test(contentType)) return decodeStructured(message, numbers)
      return {
        payload: hasNoData(message) ? undefined : decodeBody(message, numbers),
        metadata: metadataFrom(message.attributes, message),
      }
    },
  }
}

/** An event's data is optional (CloudEvents §2): in binary mode there is no body then. */
function hasNoData({ attributes, body }: WireMessage): boolean {
  return body.byteLength === 0 && attributes.specversion !== undefined
}

/** CloudEvents JSON format §3: one JSON object with the attributes as members and the data in `data` or `data_base64`. */
function decodeStructured(message: WireMessage, numbers?: JsonNumbers): DecodedEvent {
  if (!JSON_FORMAT.test(message.contentType ?? '')) {
    throw undecodable(
      'A structured CloudEvent is not in the JSON format',
      'Publish it as application/cloudevents+json.'
    )
  }
  const envelope = decodeJson(message.body, numbers)
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) {
    throw undecodable('A structured CloudEvent is not a JSON object', 'Fix the producer.')
  }
  const { data, data_base64: base64, ...members } = envelope as Record<string, unknown>
  const attributes = Object.fromEntries(
    Object.entries(members)
      .filter(([, value]) => ['string', 'number', 'bigint', 'boolean'].includes(typeof value))
      .map(([name, value]) => [name, String(value)])
  )
  const payload = base64 === undefined ? data : decodeBase64(base64, attributes.datacontenttype, numbers)
  return { payload, metadata: metadataFrom(attributes, message) }
}

function decodeBase64(base64: unknown, contentType = 'application/octet-stream', numbers?: JsonNumbers): unknown {
  const body = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64')
  if (body.toString('base64') !== base64) {
    throw undecodable('The member data_base64 is not Base64 (RFC 4648 §4)', 'Fix the producer.')
  }
  return decodeBody({ body, contentType }, numbers)
}

function undecodable(what: string, hint: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `${what}.`, { hint })
}
