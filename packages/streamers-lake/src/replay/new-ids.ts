import { createHash } from 'node:crypto'
import { decodeJson, encodeJson } from '@boostercloud/streamer-connector'
import type { WireMessage } from '@boostercloud/streamer-connector'

const STRUCTURED = /^\s*application\/cloudevents\+json\b/i
/** CloudEvents attributes that are ids of events. */
const IDS = ['id', 'causationid'] as const

/** The message with another id, which follows from the seed and the old id: what one of them has caused refers to its new id. */
export function withNewIds(message: WireMessage, seed: string): WireMessage {
  const attributes = renamed(message.attributes, seed)
  const { contentType, contentEncoding, body } = message
  if (contentType === undefined || !STRUCTURED.test(contentType) || contentEncoding !== undefined)
    return { ...message, attributes }
  const envelope = decodeJson(body)
  if (typeof envelope !== 'object' || envelope === null) return { ...message, attributes }
  return { ...message, attributes, body: encodeJson(renamed(envelope as Record<string, unknown>, seed)) }
}

function renamed<T extends Readonly<Record<string, unknown>>>(attributes: T, seed: string): T {
  const ids = IDS.filter((name) => typeof attributes[name] === 'string')
  return { ...attributes, ...Object.fromEntries(ids.map((name) => [name, newId(String(attributes[name]), seed)])) }
}

/** A UUID of version 8 (RFC 9562), by what it is made of. */
function newId(id: string, seed: string): string {
  const bytes = createHash('sha256').update(seed).update('\0').update(id).digest().subarray(0, 16)
  bytes[6] = (bytes[6] & 0x0f) | 0x80
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
