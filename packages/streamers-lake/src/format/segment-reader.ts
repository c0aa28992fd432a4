import { parquetMetadataAsync, parquetRead } from 'hyparquet'
import type { AsyncBuffer, ColumnData, FileMetaData } from 'hyparquet'
import { StreamerError } from '@boostercloud/streamer-connector'
import { COLUMNS } from './columns'
import { UNPACKERS } from './packing'
import type { RecordedEvent } from './recorded-event'
import { eventOf } from './rows'

/** A file that is read in parts. */
export interface SegmentFile {
  readonly bytes: number
  slice(start: number, end: number): Promise<Uint8Array>
}

/** Rows that are in memory at once. */
const BATCH_ROWS = 4_096

const NAMES: ReadonlySet<string> = new Set(COLUMNS.map(({ name }) => name))

/** Reads a segment. Rejects with `STORAGE_DAMAGED` where it is not the Parquet file that it was. */
export class SegmentReader {
  private constructor(
    private readonly file: AsyncBuffer,
    private readonly metadata: FileMetaData,
    private readonly at: string
  ) {}

  public static async open(file: SegmentFile, at: string): Promise<SegmentReader> {
    const buffer = asyncBuffer(file)
    return readable(at, async () => new SegmentReader(buffer, await parquetMetadataAsync(buffer), at))
  }

  public get rows(): number {
    return Number(this.metadata.num_rows)
  }

  /** The events of some rows, all by default, in the order in which they were recorded, a batch at a time. */
  public async *events(from = 0, to = this.rows): AsyncGenerator<RecordedEvent[], void, undefined> {
    let start = 0
    for (const group of this.metadata.row_groups) {
      const end = start + Number(group.num_rows)
      const last = Math.min(end, to)
      for (let rowStart = Math.max(start, from); rowStart < last; rowStart += BATCH_ROWS) {
        const rowEnd = Math.min(rowStart + BATCH_ROWS, last)
        yield await readable(this.at, () => this.read(rowStart, rowEnd))
      }
      start = end
    }
  }

  /** Rows of one group. Its columns are read as they are: rows between them and events would cost more than the rest. */
  private async read(rowStart: number, rowEnd: number): Promise<RecordedEvent[]> {
    const { file, metadata } = this
    const columns = metadata.schema.map(({ name }) => name).filter((name) => NAMES.has(name))
    const rows: Record<string, unknown[]> = {}
    const onChunk = ({ columnName, columnData, rowStart: first }: ColumnData): void => {
      const column = (rows[columnName] ??= new Array<unknown>(rowEnd - rowStart))
      const until = Math.min(columnData.length, rowEnd - first)
      for (let at = Math.max(0, rowStart - first); at < until; at += 1) column[first + at - rowStart] = columnData[at]
    }
    const options = { file, metadata, columns, rowStart, rowEnd, utf8: false, compressors: UNPACKERS, parsers: PARSERS }
    await parquetRead({ ...options, onChunk })
    return Array.from({ length: rowEnd - rowStart }, (_, at) => eventOf(rows, at))
  }
}

/** A text may begin with U+FEFF: that is no byte order mark here. */
const TEXTS = new TextDecoder('utf-8', { ignoreBOM: true })

/** Times keep their microseconds, and texts all of their characters. */
const PARSERS = {
  timestampFromMicroseconds: (micros: bigint): bigint => micros,
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && TEXTS.decode(bytes),
} as object

function asyncBuffer(file: SegmentFile): AsyncBuffer {
  return {
    byteLength: file.bytes,
    async slice(start: number, end = file.bytes): Promise<ArrayBuffer> {
      const from = start < 0 ? file.bytes + start : start
      const bytes = await file.slice(from, end)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    },
  }
}

/** Bytes in memory as a file. */
export function fileOf(bytes: Uint8Array): SegmentFile {
  return { bytes: bytes.byteLength, slice: (start, end) => Promise.resolve(bytes.subarray(start, end)) }
}

async function readable<T>(at: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof StreamerError) throw thrown
    throw new StreamerError('STORAGE_DAMAGED', `A segment cannot be read: ${(thrown as Error).message}.`, {
      at,
      hint: 'Restore this file from a backup; the others are read without it.',
      cause: thrown,
    })
  }
}
