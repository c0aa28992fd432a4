import { crc32 } from 'node:zlib'
import type { RecordedEvent } from './recorded-event'
import type { SegmentFile } from './segment-reader'

/** Rows that an entry leads to. */
const BLOCK_ROWS = 1_024
/** Entries of a bucket, on average. */
const BUCKET_ENTRIES = 16
/** As many buckets as the first bits of a hash tell apart; the next 16 bits are stored. */
const MOST_BUCKET_BITS = 16
const HEADER_BYTES = 48
const MAGIC = 0x49_4c_42_31
/** An entry in memory is a whole number of 48 bits: a hash, and the block behind it. */
const BLOCKS = 65_536

/** Which column is looked up. `key` has subjects too. */
export type Indexed = 'id' | 'key'

/**
 * Makes the index of a segment: for each id, key and subject, the blocks of rows that have it. It keeps parts of hashes, no texts, so a block may be named that has not what is looked for;
 * none is left out.
 */
export class SegmentIndexWriter {
  private readonly ids = new Entries()
  private readonly keys = new Entries()
  private rows = 0

  /** The next event of the segment. */
  public add({ id, key, subject }: RecordedEvent): void {
    const block = Math.floor(this.rows / BLOCK_ROWS)
    this.rows += 1
    if (id !== undefined) this.ids.add(id, block)
    if (key !== undefined) this.keys.add(key, block)
    if (subject !== undefined && subject !== key) this.keys.add(subject, block)
  }

  /** The file. */
  public finish(): Uint8Array {
    const width = this.rows > BLOCK_ROWS * 256 ? 2 : 1
    const [ids, keys] = [this.ids.table(width), this.keys.table(width)]
    const header = Buffer.alloc(HEADER_BYTES)
    const fields = [MAGIC, 1, this.rows, BLOCK_ROWS, width, ids.bits, ids.count, keys.bits, keys.count]
    fields.forEach((field, at) => header.writeUInt32LE(field, at * 4))
    header.writeUInt32LE(crc32(keys.bytes, crc32(ids.bytes, crc32(header.subarray(0, 36)))), 36)
    return Buffer.concat([header, ids.bytes, keys.bytes])
  }
}

/** Entries of one table, as they come. */
class Entries {
  private values = new Float64Array(1_024)
  private count = 0

  public add(text: string, block: number): void {
    if (this.count === this.values.length) {
      const more = new Float64Array(this.count * 2)
      more.set(this.values)
      this.values = more
    }
    this.values[this.count] = hashOf(text) * BLOCKS + block
    this.count += 1
  }

  /** In the order of their hashes, each once: where each bucket begins, then the stored bits of the hashes, then the blocks. */
  public table(width: 1 | 2): { readonly bits: number; readonly count: number; readonly bytes: Uint8Array } {
    const sorted = this.values.subarray(0, this.count).sort()
    const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1])
    const count = distinct.length
    const bits = Math.max(0, Math.min(MOST_BUCKET_BITS, Math.ceil(Math.log2(count / BUCKET_ENTRIES || 1))))
    const begins = new Uint32Array(2 ** bits + 1)
    const [prints, blocks] = [Buffer.alloc(count * 2), Buffer.alloc(count * width)]
    distinct.forEach((value, at) => {
      const hash = Math.floor(value / BLOCKS)
      begins[bucketOf(hash, bits) + 1] += 1
      prints.writeUInt16LE(printOf(hash, bits), at * 2)
      blocks.writeUIntLE(value % BLOCKS, at * width, width)
    })
    for (let at = 1; at < begins.length; at += 1) begins[at] += begins[at - 1]
    return { bits, count, bytes: Buffer.concat([Buffer.from(begins.buffer), prints, blocks]) }
  }
}

/** Looks into the index of a segment. */
export class SegmentIndexReader {
  private constructor(
    private readonly file: SegmentFile,
    private readonly header: Buffer
  ) {}

  /** Undefined where the file is no index, one of a later version, or that of a segment with other rows. */
  public static async open(file: SegmentFile, rows: number): Promise<SegmentIndexReader | undefined> {
    if (file.bytes < HEADER_BYTES) return undefined
    const header = Buffer.from(await file.slice(0, HEADER_BYTES))
    const isIndex = header.readUInt32LE(0) === MAGIC && header.readUInt32LE(4) === 1
    if (!isIndex || header.readUInt32LE(8) !== rows) return undefined
    const reader = new SegmentIndexReader(file, header)
    return reader.end === file.bytes ? reader : undefined
  }

  /** Rows among which all are that have a text, as ranges in ascending order. */
  public async rowsOf(column: Indexed, text: string): Promise<[number, number][]> {
    const { offset, bits, count } = this.tableOf(column)
    const hash = hashOf(text)
    const begins = Buffer.from(
      await this.file.slice(offset + bucketOf(hash, bits) * 4, offset + bucketOf(hash, bits) * 4 + 8)
    )
    const [from, to] = [begins.readUInt32LE(0), begins.readUInt32LE(4)]
    if (from === to) return []
    const printsAt = offset + (2 ** bits + 1) * 4
    const blocksAt = printsAt + count * 2
    const { width } = this
    const [prints, blocks] = await Promise.all([
      this.file.slice(printsAt + from * 2, printsAt + to * 2).then(Buffer.from),
      this.file.slice(blocksAt + from * width, blocksAt + to * width).then(Buffer.from),
    ])
    const found = new Set<number>()
    for (let at = 0; at < to - from; at += 1)
      if (prints.readUInt16LE(at * 2) === printOf(hash, bits)) found.add(blocks.readUIntLE(at * width, width))
    return joined(
      [...found].sort((one, other) => one - other),
      this.header.readUInt32LE(8)
    )
  }

  /** Whether the bytes are those that were written. */
  public async isWhole(): Promise<boolean> {
    const rest = await this.file.slice(HEADER_BYTES, this.file.bytes)
    return crc32(rest, crc32(this.header.subarray(0, 36))) === this.header.readUInt32LE(36)
  }

  private get width(): number {
    return this.header.readUInt32LE(16)
  }

  private get end(): number {
    const { offset, bits, count } = this.tableOf('key')
    return offset + this.sizeOf(bits, count)
  }

  private tableOf(column: Indexed): { readonly offset: number; readonly bits: number; readonly count: number } {
    const ids = { offset: HEADER_BYTES, bits: this.header.readUInt32LE(20), count: this.header.readUInt32LE(24) }
    if (column === 'id') return ids
    const offset = HEADER_BYTES + this.sizeOf(ids.bits, ids.count)
    return { offset, bits: this.header.readUInt32LE(28), count: this.header.readUInt32LE(32) }
  }

  private sizeOf(bits: number, count: number): number {
    return (2 ** bits + 1) * 4 + count * (2 + this.width)
  }
}

/** Blocks as ranges of rows. */
function joined(blocks: readonly number[], rows: number): [number, number][] {
  const ranges: [number, number][] = []
  for (const block of blocks) {
    const [from, to] = [block * BLOCK_ROWS, Math.min(rows, (block + 1) * BLOCK_ROWS)]
    const last = ranges[ranges.length - 1]
    if (last?.[1] === from) last[1] = to
    else ranges.push([from, to])
  }
  return ranges
}

function bucketOf(hash: number, bits: number): number {
  return bits === 0 ? 0 : hash >>> (32 - bits)
}

/** The 16 bits behind those of the bucket. */
function printOf(hash: number, bits: number): number {
  return ((hash << bits) >>> 16) & 0xffff
}

/** A hash of 32 bits: FNV-1a over UTF-16, and the finish of MurmurHash3, so that all bits depend on all of the text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
