/** Base64 (RFC 4648, section 4), with its padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Bytes as they are, as base64, the form that JSON has for them, or as Node writes a `Buffer` to JSON; undefined for anything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return BASE64.test(value) ? Buffer.from(value, 'base64') : undefined
  return isBufferAsJson(value) ? Buffer.from(value.data) : undefined
}

/** `{ type: 'Buffer', data: [1, 2] }` */
function isBufferAsJson(value: unknown): value is { readonly data: readonly number[] } {
  if (typeof value !== 'object' || value === null) return false
  const { type, data } = value as { readonly type?: unknown; readonly data?: unknown }
  return type === 'Buffer' && Array.isArray(data) && data.every(isByte)
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255
}
