import { addressKey, partitionKey, partitionOf } from './manifest'
import type { Cursor, Manifest, PartitionOf, Run, Segment } from './manifest'

/** A lake's state as a checkpoint keeps it. */
export interface Checkpoint {
  readonly version: number
  readonly segments: readonly Segment[]
  readonly positions: readonly (PartitionOf & { readonly last: number })[]
  readonly cursors: readonly Cursor[]
}

/** What a lake has at a version: its segments, and how far each partition is recorded. */
export class LakeState {
  private readonly byPath = new Map<string, Segment>()
  private readonly positions = new Map<string, PartitionOf & { readonly last: number }>()
  private readonly byAddress = new Map<string, Cursor>()
  private at = 0

  public constructor(checkpoint?: Checkpoint) {
    if (checkpoint === undefined) return
    this.at = checkpoint.version
    for (const segment of checkpoint.segments) this.byPath.set(segment.path, segment)
    for (const position of checkpoint.positions) this.positions.set(partitionKey(position), position)
    for (const cursor of checkpoint.cursors) this.byAddress.set(addressKey(cursor), cursor)
  }

  /** 0 before the first change. */
  public get version(): number {
    return this.at
  }

  /** In the order in which they came in. */
  public get segments(): readonly Segment[] {
    return [...this.byPath.values()]
  }

  /** Whether a segment belongs to the lake. */
  public has(path: string): boolean {
    return this.byPath.has(path)
  }

  /** The position of the last recorded event of a partition; undefined: there is none. */
  public lastOf(partition: PartitionOf): number | undefined {
    return this.positions.get(partitionKey(partition))?.last
  }

  /** All partitions of which events are recorded, with the last position of each. */
  public get partitions(): readonly (PartitionOf & { readonly last: number })[] {
    return [...this.positions.values()]
  }

  /** Where an address is read on from. */
  public cursorOf(address: Pick<PartitionOf, 'streamer' | 'topic'>): string | undefined {
    return this.byAddress.get(addressKey(address))?.cursor
  }

  /** Goes on to the next version. */
  public apply({ version, added, removed, cursors }: Manifest): void {
    this.at = version
    for (const path of removed) this.byPath.delete(path)
    for (const segment of added) {
      this.byPath.set(segment.path, segment)
      for (const run of segment.runs) this.advance(run)
    }
    for (const cursor of cursors) this.byAddress.set(addressKey(cursor), cursor)
  }

  /** The state as a checkpoint keeps it. */
  public checkpoint(): Checkpoint {
    const cursors = [...this.byAddress.values()]
    return { version: this.at, segments: this.segments, positions: this.partitions, cursors }
  }

  /** Segments that were put together from others bring positions that are known. */
  private advance(run: Run): void {
    const partition = partitionOf(run)
    const known = this.lastOf(run)
    if (partition === undefined || (known !== undefined && known >= run.last)) return
    this.positions.set(partitionKey(run), { ...partition, last: run.last })
  }
}
