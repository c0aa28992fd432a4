import { BASE64, StreamerError, hasUtf8Form, textOfBytes } from '@boostercloud/streamer-connector'

/**
 * How the key of an event, which is a text, is written as the bytes of a record's key, and read from them.
 *
 * - `utf8`: the text. A key of other bytes arrives as `base64:…`.
 * - `int32`, `int64`: a whole number, big-endian and signed, as Java's `IntegerSerializer` and `LongSerializer` write it; the text is its digits.
 * - `uuid`: the 16 bytes of a UUID; the text is its lower-case form. (Java's `UUIDSerializer` writes text: that is `utf8`.)
 * - `base64`: any bytes; the text is their Base64 (RFC 4648 §4).
 *
 * A key that is none of the codec's, as one of five bytes for `int32`, arrives as `base64:…` and orders as any other.
 * @public
 */
export type KafkaKeyCodec = 'utf8' | 'int32' | 'int64' | 'uuid' | 'base64'

/** Both directions of a codec; undefined: it has none for this. */
interface KeyForm {
  write(text: string): Buffer | undefined
  read(bytes: Buffer): string | undefined
  /** What it takes, in words. */
  readonly takes: string
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const DIGITS = /^(?:0|-?[1-9]\d{0,18})$/

const FORMS: Readonly<Record<KafkaKeyCodec, KeyForm>> = {
  utf8: {
    takes: 'well-formed text',
    write: (text) => (hasUtf8Form(text) ? Buffer.from(text) : undefined),
    read: textOfBytes,
  },
  int32: { takes: 'the digits of a whole number of 32 bits', ...whole(4) },
  int64: { takes: 'the digits of a whole number of 64 bits', ...whole(8) },
  uuid: {
    takes: 'a UUID',
    write: (text) => (UUID.test(text) ? Buffer.from(text.replace(/-/g, ''), 'hex') : undefined),
    read: (bytes) => (bytes.length === 16 ? uuidOf(bytes.toString('hex')) : undefined),
  },
  base64: {
    takes: 'Base64 with its padding',
    write(text) {
      const bytes = Buffer.from(text, 'base64')
      return bytes.toString('base64') === text ? bytes : undefined
    },
    read: (bytes) => bytes.toString('base64'),
  },
}

/** The names of all codecs. */
export const KEY_CODECS = Object.keys(FORMS) as readonly KafkaKeyCodec[]

/** A key as the bytes of a record's. Throws `EVENT_NOT_ENCODABLE` for one that the codec has no bytes for; the key is not told. */
export function keyBytes(text: string, codec: KafkaKeyCodec, at: string): Buffer {
  const bytes = FORMS[codec].write(text)
  if (bytes !== undefined) return bytes
  throw new StreamerError('EVENT_NOT_ENCODABLE', `The key of the event is not ${FORMS[codec].takes}.`, {
    at,
    hint: `The topic has the key codec ${codec}: give the event a key that it accepts, or the topic another keyCodec.`,
  })
}

/** The bytes of a record's key as the key of an event. */
export function keyText(bytes: Uint8Array, codec: KafkaKeyCodec): string {
  if (bytes.length === 0) return ''
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return FORMS[codec].read(buffer) ?? BASE64 + buffer.toString('base64')
}

function whole(length: 4 | 8): Omit<KeyForm, 'takes'> {
  const bits = length * 8
  return {
    write(text) {
      if (!DIGITS.test(text) || BigInt.asIntN(bits, BigInt(text)) !== BigInt(text)) return undefined
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(BigInt(text))
      return bytes.subarray(8 - length)
    },
    read(bytes) {
      if (bytes.length !== length) return undefined
      return String(length === 4 ? bytes.readInt32BE() : bytes.readBigInt64BE())
    },
  }
}

function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
