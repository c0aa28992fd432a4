/** Reads what a broker answered, one thing after the other. https://kafka.apache.org/protocol#protocol_types */
export class Answer {
  private at = 0

  public constructor(private readonly raw: Buffer) {}

  public int8(): number {
    return this.raw.readInt8(this.moved(1))
  }

  public int16(): number {
    return this.raw.readInt16BE(this.moved(2))
  }

  public int32(): number {
    return this.raw.readInt32BE(this.moved(4))
  }

  /** In decimal digits. */
  public int64(): string {
    return this.raw.readBigInt64BE(this.moved(8)).toString()
  }

  public text(): string {
    const length = this.int16()
    return this.raw.toString('utf8', this.moved(length), this.at)
  }

  /** None where there is nothing. */
  public bytes(): Buffer {
    const length = Math.max(0, this.int32())
    return this.raw.subarray(this.moved(length), this.at)
  }

  /** An id as Kafka writes it: base64url, 22 characters. Undefined for the one that stands for none. */
  public uuid(): string | undefined {
    const bytes = this.raw.subarray(this.moved(16), this.at)
    return bytes.every((byte) => byte === 0) ? undefined : bytes.toString('base64url')
  }

  /** A number without a sign, of up to five bytes. */
  public varint(): number {
    let [value, factor] = [0, 1]
    for (let count = 0; count < 5; count += 1) {
      const byte = this.raw.readUInt8(this.moved(1))
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 128
    }
    throw new RangeError('a number has too many bytes')
  }

  /** How many follow of a compact list, text or bytes; 0 where it is null. */
  public compactLength(): number {
    return Math.max(0, this.varint() - 1)
  }

  /** None where there is nothing. */
  public compactBytes(): Buffer {
    const length = this.compactLength()
    return this.raw.subarray(this.moved(length), this.at)
  }

  /** Reads each of a compact list. */
  public compactList<T>(each: () => T): T[] {
    return Array.from({ length: this.compactLength() }, each)
  }

  /** Passes over tagged fields, which say nothing that is needed here. */
  public tags(): void {
    for (let count = this.varint(); count > 0; count -= 1) {
      this.varint()
      this.moved(this.varint())
    }
  }

  private moved(by: number): number {
    if (by < 0 || this.at + by > this.raw.length) throw new RangeError('the answer ends too early')
    this.at += by
    return this.at - by
  }
}
