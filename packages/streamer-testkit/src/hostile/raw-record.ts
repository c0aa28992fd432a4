import { isUtf8 } from 'node:buffer'

/**
 * A header or attribute: any name, and any bytes as its value.
 * @public
 */
export type RawHeader = readonly [name: string, value: Uint8Array]

/**
 * A record as a client of the broker's own can write it: any bytes in any place.
 * @public
 */
export interface RawRecord {
  readonly body: Uint8Array
  readonly contentType?: string
  /** What the body is packed with, as `gzip`; a header of that name where the broker has no property for it. */
  readonly contentEncoding?: string
  /** What orders, where the broker has a place for that which is no header. */
  readonly key?: Uint8Array
  /** Attributes of CloudEvents by their bare names, to be written as the binding of the broker has them. A name may come twice. */
  readonly attributes: readonly RawHeader[]
  /** Whatever else stands beside the body. A name may come twice. */
  readonly headers: readonly RawHeader[]
}

/**
 * A record whose parts are texts, each there once.
 * @public
 */
export interface TextRecord {
  readonly body: Uint8Array
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly key?: string
  readonly attributes: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/**
 * A raw record for a broker that has texts beside the body, each under its name once. Undefined where something is no text or there twice: such a broker
 * cannot carry the record.
 * @public
 */
export function asTexts({ body, contentType, contentEncoding, ...raw }: RawRecord): TextRecord | undefined {
  const attributes = textsOf(raw.attributes)
  const headers = textsOf(raw.headers)
  if (attributes === undefined || headers === undefined) return undefined
  const record = { body, contentType, contentEncoding, attributes, headers }
  if (raw.key === undefined) return record
  return isUtf8(raw.key) ? { ...record, key: Buffer.from(raw.key).toString() } : undefined
}

function textsOf(headers: readonly RawHeader[]): Record<string, string> | undefined {
  const areCarried = headers.every(([, value]) => isUtf8(value))
  const texts = new Map(headers.map(([name, value]) => [name, Buffer.from(value).toString()]))
  return areCarried && texts.size === headers.length ? Object.fromEntries(texts) : undefined
}
