import { isObject, splitContentEncoding, textOfBytes } from '@boostercloud/streamer-connector'

/** What the sender of a message says of it beside its body, as texts; bytes that are no UTF-8 are `base64:…`. */
export type MessageAttributes = Readonly<Record<string, string>>

/**
 * The attributes of a message, as SQS answers them (`{ StringValue }` or `{ BinaryValue }`) or as AWS Lambda hands them over (`{ stringValue }` or
 * `{ binaryValue }` in Base64). What has neither is left out.
 */
export function attributesOf(given: unknown): MessageAttributes {
  if (!isObject(given)) return {}
  const entries = Object.entries(given).flatMap(([name, value]) => {
    const text = isObject(value) ? textOf(value) : undefined
    return text === undefined ? [] : [[name, text] as const]
  })
  return Object.fromEntries(entries)
}

function textOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const text = value.StringValue ?? value.stringValue
  if (typeof text === 'string') return text
  if (value.BinaryValue instanceof Uint8Array) return textOfBytes(value.BinaryValue)
  return typeof value.binaryValue === 'string' ? textOfBytes(Buffer.from(value.binaryValue, 'base64')) : undefined
}

/** What attributes say of a body, and the others. */
export interface SplitAttributes {
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly headers: MessageAttributes
}

/** Attributes with those apart that say what the body is, `content-type` and `content-encoding` in any case. */
export function splitAttributes(attributes: MessageAttributes): SplitAttributes {
  const { headers: others, contentEncoding } = splitContentEncoding(attributes)
  const name = Object.keys(others).find((one) => one.toLowerCase() === 'content-type')
  if (name === undefined) return { headers: others, contentEncoding }
  const { [name]: contentType, ...headers } = others
  return { headers, contentType, contentEncoding }
}
