import { isUtf8 } from 'node:buffer'
import { BASE64, StreamerError } from '@boostercloud/streamer-connector'

/** Reads bytes of AMQP 0-9-1 one after another. Throws `EVENT_UNDECODABLE` instead of reading past its end. */
export class Cursor {
  public constructor(
    public readonly bytes: Buffer,
    public at: number,
    public end: number
  ) {}

  /** Whether everything is read. */
  public get isAtEnd(): boolean {
    return this.at === this.end
  }

  /** Passes so many bytes; answers where they begin. */
  public pass(count: number): number {
    const from = this.at
    if (count > this.end - from) throw unreadable('it ends too early')
    this.at = from + count
    return from
  }

  public octet(): number {
    return this.bytes[this.pass(1)]
  }

  public uint32(): number {
    return this.bytes.readUInt32BE(this.pass(4))
  }

  /** A short string (AMQP 0-9-1 §4.2.5.3): one byte says how long it is. */
  public shortText(): string {
    return this.text(this.octet())
  }

  /** A long string: four bytes say how long it is. */
  public longText(): string {
    return this.text(this.uint32())
  }

  /** So many bytes of UTF-8; of anything else `base64:` and the bytes, so that two texts that differ still do. */
  private text(length: number): string {
    const from = this.pass(length)
    const text = this.bytes.toString('utf8', from, this.at)
    if (!text.includes('\uFFFD')) return text
    const bytes = this.bytes.subarray(from, this.at)
    return isUtf8(bytes) ? text : BASE64 + bytes.toString('base64')
  }
}

/** Why what came beside a message's body cannot be read. */
export function unreadable(why: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `The headers of an AMQP message cannot be read: ${why}.`, {
    hint: 'Fix the producer.',
  })
}
