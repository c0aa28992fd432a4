import type { WireMessage } from '../contract'
import { attributesFrom, metadataFrom } from './attributes/attributes'
import type { Codec, DecodedEvent } from './codec'
import { decodeJson, encodeJson } from './json/json-body'
import type { JsonNumbers } from './json/json-numbers'
import { decodeBody, inUtf8 } from './body/plain-body'
import { undecodable } from './body/undecodable'
import { bytesOfBase64, isBase64 } from './body/unpacked'

const STRUCTURED = /^\s*application\/cloudevents\+/i
const JSON_FORMAT = /^\s*application\/cloudevents\+json\s*(?:;|$)/i
const BATCHED = /^\s*application\/cloudevents-batch\b/i

/**
 * CloudEvents 1.0.2, the default; 0.3 is read too. Written in binary content mode: the attributes beside the body, which is the event's fields as
 * JSON. Read in binary mode, in structured mode (`application/cloudevents+json`), and, where there is nothing of CloudEvents at all,
 * as a bare body.
 *
 * Extensions written: `schemaversion` with `boosterstreamers`, which says whose it is, `correlationid`, `causationid`, `traceparent`, `tracestate`,
 * `partitionkey` (the key, where it is not the subject).
 * @public
 */
export const cloudEvents: Codec = cloudEventsWith()

/**
 * The same, with numbers of JSON bodies read as is said.
 * @public
 */
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

    decode(received): DecodedEvent {
      const message = withContentType(received)
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

/** Some bindings have the content type of the data as an attribute among the others, and some producers write it so where they have not. */
function withContentType(message: WireMessage): WireMessage {
  const { datacontenttype } = message.attributes
  if (message.contentType !== undefined || datacontenttype === undefined) return message
  return { ...message, contentType: datacontenttype }
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
  const envelope = decodeJson(inUtf8(message.body, message.contentType), numbers)
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) {
    throw undecodable('A structured CloudEvent is not a JSON object', 'Fix the producer.')
  }
  const { data, data_base64: base64, ...members } = envelope as Record<string, unknown>
  const attributes = Object.fromEntries(
    Object.entries(members)
      .filter(([, value]) => ['string', 'number', 'bigint', 'boolean'].includes(typeof value))
      .map(([name, value]) => [name, String(value)])
  )
  const body = bytesOf(data, base64, attributes)
  const { datacontenttype: contentType = 'application/octet-stream' } = attributes
  const payload = body === undefined ? data : decodeBody({ body, contentType }, numbers)
  return { payload, metadata: metadataFrom(attributes, message) }
}

/** Data that is not in the JSON itself, from 1.0 on by its member's name, before by an attribute. */
function bytesOf(data: unknown, base64: unknown, attributes: Readonly<Record<string, string>>): Uint8Array | undefined {
  if (base64 !== undefined) return bytesOfBase64(base64, 'The member data_base64')
  return isBase64(attributes) && data !== undefined ? bytesOfBase64(data, 'The data') : undefined
}
