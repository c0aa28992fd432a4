import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { COLUMNS, SCHEMA } from './columns'
import { PACKED, PACKERS } from './packing'
import type { RecordedEvent } from './recorded-event'

/** Rows that are packed at once: so many take some tens of milliseconds, in which nothing else of the process runs. */
const GROUP_ROWS = 4_096
/** Their bytes, where events are large. */
const GROUP_BYTES = 8_000_000
/** Bytes of a page before packing. */
const PAGE_BYTES = 1_048_576

/** Columns whose least and greatest value help nobody to find a row. */
const UNORDERED = new Set(['headers', 'attributes', 'body', 'data'])

/** Makes a segment: a Parquet file of the table of envelopes, in memory. Events are packed as they come, in groups. */
export class SegmentWriter {
  private readonly writer = new ByteWriter(1 << 16)
  private readonly parquet = new ParquetWriter({
    writer: this.writer,
    schema: SCHEMA,
    codec: PACKED,
    compressors: PACKERS,
    createdBy: 'booster-streamers',
  })
  private group: RecordedEvent[] = []
  private groupBytes = 0
  private count = 0

  /** The events so far. */
  public get rows(): number {
    return this.count
  }

  /** About as many bytes as the segment has so far; what is not packed yet counts as it is. */
  public get bytes(): number {
    return this.writer.offset + this.groupBytes
  }

  /** Adds an event. */
  public add(event: RecordedEvent): void {
    this.group.push(event)
    this.count += 1
    this.groupBytes += sizeOf(event)
    if (this.group.length >= GROUP_ROWS || this.groupBytes >= GROUP_BYTES) this.pack()
  }

  /** The file. Nothing can be added any more. */
  public finish(): Uint8Array {
    this.pack()
    void this.parquet.finish()
    return this.writer.getBytes()
  }

  private pack(): void {
    if (this.group.length === 0) return
    const { group } = this
    const columnData = COLUMNS.map(({ name, of, encoding }) => ({
      name,
      data: group.map((event) => of(event) ?? null),
      encoding,
      statistics: !UNORDERED.has(name),
    }))
    void this.parquet.write({ columnData, rowGroupSize: group.length, pageSize: PAGE_BYTES })
    this.group = []
    this.groupBytes = 0
  }
}

/** About as many bytes as an event takes: what a packed body was unpacked to counts too. */
function sizeOf({ message, data = '' }: RecordedEvent): number {
  let bytes = message.body.byteLength + data.length + 100
  for (const name in message.headers) bytes += name.length + message.headers[name].length
  return bytes
}
