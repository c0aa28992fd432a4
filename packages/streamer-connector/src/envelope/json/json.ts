import type { EventMetadata, WireMessage } from '../../contract'
import type { Codec, DecodedEvent } from '../codec'
import { encodeJson } from './json-body'
import type { JsonNumbers } from './json-numbers'
import { decodeBody } from '../body/plain-body'

/**
 * The bare payload as JSON, for services that know nothing of CloudEvents. Nothing travels beside it but the key, so the receiver
 * knows neither id nor type: effects once need a stable position, and a typed link needs an address of one class.
 * @public
 */
export const json: Codec = jsonWith()

/**
 * The same, with numbers read as is said.
 * @public
 */
export function jsonWith(numbers?: JsonNumbers): Codec {
  return {
    name: 'json',
    repeatable: true,
    encode(event, metadata): WireMessage {
      return {
        body: encodeJson(event, metadata.type),
        contentType: 'application/json',
        attributes: {},
        headers: metadata.headers ?? {},
        key: metadata.key,
      }
    },
    decode(message): DecodedEvent {
      return {
        payload: decodeBody(message, numbers),
        metadata: metadataOfBare(message),
      }
    },
  }
}

function metadataOfBare({ key, headers, contentType, contentEncoding, body }: WireMessage): EventMetadata {
  const metadata = contentType === undefined ? { key, headers, raw: body } : { key, headers, contentType, raw: body }
  return contentEncoding === undefined ? metadata : { ...metadata, contentEncoding }
}
