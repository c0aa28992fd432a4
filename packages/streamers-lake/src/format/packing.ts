import { gunzipSync, gzipSync } from 'node:zlib'
import type { Compressors } from 'hyparquet'

/** How pages are packed: what every engine reads, and what Node has in all versions. A higher level takes longer and saves little. */
export const PACKED = 'GZIP'

/** Packs a page. */
export const PACKERS = { GZIP: (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 1 }) }

/** Unpacks a page; Snappy is the library's own. */
export const UNPACKERS: Compressors = {
  GZIP: (bytes: Uint8Array, length: number): Uint8Array => gunzipSync(bytes, { maxOutputLength: Math.max(length, 1) }),
}
