/** Nothing to encode in a CloudEvents attribute: printable ASCII but blank, double quote and percent. */
const PLAIN = /^[!#$&-~]*$/

/** Percent-encoding as CloudEvents' NATS binding 1.0.3 §3.1.3.2 has it for attributes. */
export function percentEncode(value: string): string {
  return PLAIN.test(value) ? value : encode(value, /[^!#$&-~]/gu)
}

/** The inverse. Throws `URIError` for what is not percent-encoded UTF-8. */
export function percentDecode(value: string): string {
  return value.includes('%') ? decodeURIComponent(value) : value
}

function encode(value: string, forbidden: RegExp): string {
  return value.replace(forbidden, (characters) =>
    Array.from(Buffer.from(characters, 'utf8'), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
      ''
    )
  )
}
