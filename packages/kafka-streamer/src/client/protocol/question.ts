/** Writes a request in a flexible version, one thing after the other. https://kafka.apache.org/protocol#protocol_types */
export class Question {
  private readonly parts: Buffer[] = []

  public int8(value: number): this {
    return this.add(Buffer.from([value & 0xff]))
  }

  public int16(value: number): this {
    const bytes = Buffer.alloc(2)
    bytes.writeInt16BE(value)
    return this.add(bytes)
  }

  public int32(value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return this.add(bytes)
  }

  /** A number or its decimal digits. */
  public int64(value: string | number): this {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(value))
    return this.add(bytes)
  }

  /** An id in base64url; undefined: the one that stands for none. */
  public uuid(id: string | undefined): this {
    return this.add(id === undefined ? Buffer.alloc(16) : Buffer.from(id, 'base64url'))
  }

  /** A number without a sign. */
  public varint(value: number): this {
    const bytes: number[] = []
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
    bytes.push(rest)
    return this.add(Buffer.from(bytes))
  }

  public compactText(text: string): this {
    const bytes = Buffer.from(text, 'utf8')
    return this.varint(bytes.length + 1).add(bytes)
  }

  /** Writes each of a compact list. */
  public compactList<T>(all: readonly T[], each: (one: T) => void): this {
    this.varint(all.length + 1)
    all.forEach(each)
    return this
  }

  /** No tagged fields. */
  public noTags(): this {
    return this.varint(0)
  }

  public get bytes(): Buffer {
    return Buffer.concat(this.parts)
  }

  private add(bytes: Buffer): this {
    this.parts.push(bytes)
    return this
  }
}
