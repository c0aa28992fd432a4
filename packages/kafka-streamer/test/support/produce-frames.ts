/** https://kafka.apache.org/protocol#protocol_error_codes */
const INVALID_RECORD = 87
const PRODUCE = 0

/** What a Produce request of version 3 to 8 carries, as far as it is looked at; its batches are not compressed. */
export interface Produce {
  readonly correlationId: number
  readonly version: number
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[]
  readonly values: readonly string[]
}

class Bytes {
  public at = 0

  public constructor(private readonly buffer: Buffer) {}

  public int16(): number {
    this.at += 2
    return this.buffer.readInt16BE(this.at - 2)
  }

  public int32(): number {
    this.at += 4
    return this.buffer.readInt32BE(this.at - 4)
  }

  public text(): string {
    const length = this.int16()
    return this.bytes(Math.max(0, length)).toString()
  }

  public bytes(length: number): Buffer {
    this.at += length
    return this.buffer.subarray(this.at - length, this.at)
  }

  /** Zig-zag, as in a record (https://kafka.apache.org/documentation/#record). */
  public varint(): number {
    let [value, factor, byte] = [0, 1, 0x80]
    while (byte & 0x80) {
      byte = this.buffer[this.at++] as number
      value += (byte & 0x7f) * factor
      factor *= 128
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  public list<T>(read: () => T): T[] {
    return Array.from({ length: this.int32() }, read)
  }
}

/** The Produce request in a frame, if it is one. */
export function produceIn(frame: Buffer): Produce | undefined {
  const bytes = new Bytes(frame)
  bytes.int32()
  if (bytes.int16() !== PRODUCE) return undefined
  const version = bytes.int16()
  const correlationId = bytes.int32()
  bytes.text()
  bytes.text()
  bytes.int16()
  bytes.int32()
  const values: string[] = []
  const topics = bytes.list(() => {
    const name = bytes.text()
    const partitions = bytes.list(() => {
      const partition = bytes.int32()
      values.push(...valuesIn(bytes.bytes(bytes.int32())))
      return partition
    })
    return { name, partitions }
  })
  return { correlationId, version, topics, values }
}

/** The values of a record batch (https://kafka.apache.org/documentation/#recordbatch). */
function valuesIn(batch: Buffer): string[] {
  const bytes = new Bytes(batch)
  bytes.bytes(57)
  return bytes.list(() => {
    const length = bytes.varint()
    const end = bytes.at + length
    bytes.bytes(1)
    bytes.varint()
    bytes.varint()
    bytes.bytes(Math.max(0, bytes.varint()))
    const value = bytes.bytes(Math.max(0, bytes.varint())).toString('latin1')
    bytes.at = end
    return value
  })
}

/** The response of a broker that refuses it: no partition's batch was written. */
export function refusal({ correlationId, version, topics }: Produce): Buffer {
  const int16 = (value: number): Buffer => {
    const buffer = Buffer.alloc(2)
    buffer.writeInt16BE(value)
    return buffer
  }
  const int32 = (value: number): Buffer => {
    const buffer = Buffer.alloc(4)
    buffer.writeInt32BE(value)
    return buffer
  }
  const none = Buffer.alloc(8, 0xff)
  const body = Buffer.concat([
    int32(correlationId),
    int32(topics.length),
    ...topics.flatMap(({ name, partitions }) => [
      int16(Buffer.byteLength(name)),
      Buffer.from(name),
      int32(partitions.length),
      ...partitions.flatMap((partition) => [
        int32(partition),
        int16(INVALID_RECORD),
        none,
        none,
        ...(version >= 5 ? [none] : []),
      ]),
    ]),
    int32(0),
  ])
  return Buffer.concat([int32(body.length), body])
}
