import { isUtf8 } from 'node:buffer'

/**
 * What marks bytes that are no text, where a text is asked for: the header or key of another program.
 * @internal
 */
export const BASE64 = 'base64:'

/**
 * Bytes as text: of UTF-8 that text, of anything else `base64:` and the bytes in Base64 (RFC 4648 §4), so that two values that differ still do.
 * Decoding without the check is faster; what it puts in place of a fault shows where to look. Naming the encoding would cost as much again.
 * @internal
 */
export function textOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString()
  return text.includes('\uFFFD') && !isUtf8(buffer) ? BASE64 + buffer.toString('base64') : text
}

/**
 * The bytes of a header or key as it was received: those of its `base64:…`, or of its UTF-8.
 * @internal
 */
export function bytesOfText(text: string): Uint8Array {
  if (!text.startsWith(BASE64)) return Buffer.from(text)
  const base64 = text.slice(BASE64.length)
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : Buffer.from(text)
}
