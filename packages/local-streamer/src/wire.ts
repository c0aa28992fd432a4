import type { WireMessage } from '@boostercloud/streamer-connector'
import type { Row } from '@boostercloud/streamer-sqlite'

/** The columns of a message, in this order. */
export const MESSAGE_COLUMNS = ['bytes', 'message_key', 'content_type', 'attributes', 'headers', 'body'] as const

/** A message as values of {@link MESSAGE_COLUMNS}. */
export function toValues(message: WireMessage): (string | number | Uint8Array | null)[] {
  return [
    sizeOf(message),
    message.key ?? null,
    message.contentType ?? null,
    JSON.stringify(message.attributes),
    JSON.stringify(message.headers),
    message.body,
  ]
}

/** A row with {@link MESSAGE_COLUMNS} as the message that it was. */
export function toMessage(row: Row): WireMessage {
  return {
    body: row.body as Uint8Array,
    contentType: (row.content_type as string | null) ?? undefined,
    attributes: JSON.parse(row.attributes as string) as Record<string, string>,
    headers: JSON.parse(row.headers as string) as Record<string, string>,
    key: (row.message_key as string | null) ?? undefined,
  }
}

/** The encoded bytes of a message: body, key and everything beside them. */
export function sizeOf({ body, contentType = '', attributes, headers, key = '' }: WireMessage): number {
  const texts = [key, contentType, ...Object.entries(attributes).flat(), ...Object.entries(headers).flat()]
  return texts.reduce((total, text) => total + Buffer.byteLength(text), body.byteLength)
}
