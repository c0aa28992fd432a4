/** Reads the numbers and bytes that a record of Kafka's is made of, one after the other. Throws a `RangeError` beyond the end. */
export class Varints {
  /** Where it reads next. */
  public at = 0

  public constructor(private readonly source: Buffer) {}

  /** A zigzag number; exact up to 2^53. */
  public number(): number {
    let [value, factor] = [0, 1]
    for (let count = 0; count < 10; count += 1) {
      if (this.at >= this.source.length) throw new RangeError('the record ends within a number')
      const byte = this.source[this.at]
      this.at += 1
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value % 2 === 1 ? -(value + 1) / 2 : value / 2
      factor *= 128
    }
    throw new RangeError('a number has too many bytes')
  }

  /** Bytes behind their length; null where there are none. */
  public bytes(): Buffer | null {
    const length = this.number()
    if (length === -1) return null
    if (length < 0 || length > this.source.length - this.at) throw new RangeError('the record ends within bytes')
    this.at += length
    return this.source.subarray(this.at - length, this.at)
  }

  public skip(bytes: number): void {
    this.at += bytes
  }
}
