import type { WireMessage } from '../../contract'
import type { Encoded } from '../base-streamer'
import type { ReadMessage, RecordForm } from './record-form'

/**
 * A message as one text.
 * @experimental
 */
export interface PackedMessage extends Encoded {
  readonly content: string
}

/**
 * A message as one text, for a broker that has no place for anything beside a body: JSON with the members of a `WireMessage`, its body as Base64.
 * @experimental
 */
export function packedMessage({ body, ...beside }: WireMessage): PackedMessage {
  const content = JSON.stringify({ ...beside, body: Buffer.from(body).toString('base64') })
  return { content, bytes: body.byteLength + Buffer.byteLength(JSON.stringify(beside)) }
}

/**
 * Reads what {@link packedMessage} wrote. Anything else is a bare body, so that a program that knows nothing of us can write to the broker too.
 * @experimental
 */
export const PACKED_MESSAGES: RecordForm<Uint8Array> = {
  toMessage: (record) => unpacked(record),
  bodyOf: (record) => record,
}

function unpacked(record: Uint8Array): ReadMessage {
  const { body, attributes, headers, ...about } = membersOf(record)
  if (typeof body !== 'string' || !areTexts(attributes) || !areTexts(headers)) {
    return { body: record, attributes: {}, headers: {} }
  }
  const [contentType, contentEncoding, key] = [about.contentType, about.contentEncoding, about.key].map(textOrNone)
  return { body: Buffer.from(body, 'base64'), contentType, contentEncoding, key, attributes, headers }
}

function membersOf(record: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(Buffer.from(record).toString()) ?? {}) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function areTexts(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((each) => typeof each === 'string')
}
