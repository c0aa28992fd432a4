import { StreamerError, splitContentEncoding, withContentEncoding } from '@boostercloud/streamer-connector'
import type { RecordForm, WireMessage } from '@boostercloud/streamer-connector'
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
    JSON.stringify(withContentEncoding(message)),
    message.body,
  ]
}

/** A log is one sequence, of all its topics. */
export const PARTITION = '0'

/** How the rows of a log are read, which have their `sequence` too. */
export function rowsOf(logId: string): RecordForm<Row> {
  return { ...ROWS, placeOf: ({ sequence }) => ({ partition: PARTITION, offset: Number(sequence), logId }) }
}

/** Rows with {@link MESSAGE_COLUMNS} as the messages that they were; whoever has the file may have written something else there. */
const ROWS: RecordForm<Row> = {
  toMessage: (row) => ({
    body: bodyOf(row),
    contentType: (row.content_type as string | null) ?? undefined,
    attributes: textsFrom(row.attributes, 'attributes'),
    ...splitContentEncoding(textsFrom(row.headers, 'headers')),
    key: (row.message_key as string | null) ?? undefined,
  }),
  bodyOf,
}

function bodyOf({ body }: Row): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : '')
}

function textsFrom(json: unknown, column: string): Record<string, string> {
  const texts: unknown = typeof json === 'string' ? JSON.parse(json) : undefined
  const areTexts = typeof texts === 'object' && texts !== null && Object.values(texts).every(isText)
  if (areTexts) return texts as Record<string, string>
  throw new StreamerError(
    'EVENT_UNDECODABLE',
    `The column ${column} of an event in the log is not an object of strings.`,
    {
      hint: 'Another program has written into the log without LocalStreamer. Let it use LocalStreamer.',
    }
  )
}

const isText = (value: unknown): boolean => typeof value === 'string'

/** The encoded bytes of a message: body, key and everything beside them. */
export function sizeOf(message: WireMessage): number {
  const { body, contentType = '', contentEncoding = '', attributes, headers, key = '' } = message
  const own = body.byteLength + bytesOf(key) + bytesOf(contentType) + bytesOf(contentEncoding)
  return own + bytesOfTexts(attributes) + bytesOfTexts(headers)
}

function bytesOfTexts(texts: Readonly<Record<string, string>>): number {
  let bytes = 0
  for (const name of Object.keys(texts)) bytes += bytesOf(name) + bytesOf(texts[name])
  return bytes
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
