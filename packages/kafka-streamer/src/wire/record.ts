import type { StreamerError } from '@boostercloud/streamer-connector'

/** A record to be written. */
export interface OutgoingRecord {
  readonly key: Buffer | null
  /** Null: what the key names is gone. */
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
}

/** A record as it was read; in the form in which the client gives it, as to copy each of them is felt. */
export interface ReadRecord {
  /** In decimal digits. */
  readonly offset: string
  /** Milliseconds since 1970, in decimal digits. */
  readonly timestamp: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  /** A name that came several times has all its values, in order. */
  readonly headers?: Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>
  /** Why it, or the compressed batch that it stands for, could not be read; its value is then the bytes that could not. */
  readonly unreadable?: StreamerError
}

/** A header may have no value. */
export type HeaderValue = Uint8Array | null
