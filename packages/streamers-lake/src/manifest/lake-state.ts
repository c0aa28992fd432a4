import { Gaps } from './gaps'
import { addressKey, partitionKey, partitionOf } from './manifest'
import type { Cursor, Manifest, Moved, NotedGap, PartitionOf, Passed, Replacing, Run, Segment } from './manifest'

/** A lake's state as a checkpoint keeps it. */
export interface Checkpoint {
  readonly version: number
  readonly segments: readonly Segment[]
  readonly positions: readonly (PartitionOf & { readonly last: number })[]
  readonly cursors: readonly Cursor[]
  readonly gaps?: readonly NotedGap[]
  readonly passed?: readonly Passed[]
  readonly floors?: readonly (PartitionOf & { readonly last: number })[]
  readonly replaced?: readonly Replaced[]
}

/** A segment that was replaced, and whose file may still be there. */
export interface Replaced {
  readonly path: string
  /** When; milliseconds since 1970. */
  readonly at: number
  readonly purge: boolean
}

const NOTHING: Replacing = { moved: [], floors: [], purge: false }

/** For so long it is known which segments were replaced; milliseconds. */
const REPLACED_LIFE_MS = 30 * 86_400_000

/** What a lake has at a version: its segments, and how far each partition is recorded. */
export class LakeState {
  private readonly byPath = new Map<string, Segment>()
  private readonly positions = new Map<string, PartitionOf & { readonly last: number }>()
  private readonly byAddress = new Map<string, Cursor>()
  private readonly missing: Gaps
  private readonly movedFrom = new Map<string, Moved>()
  private readonly floorOf = new Map<string, PartitionOf & { readonly last: number }>()
  private readonly gone = new Map<string, Replaced>()
  private at = 0

  public constructor(checkpoint?: Checkpoint) {
    this.missing = new Gaps(checkpoint?.gaps, checkpoint?.passed)
    if (checkpoint === undefined) return
    this.at = checkpoint.version
    for (const segment of checkpoint.segments) this.byPath.set(segment.path, segment)
    for (const position of checkpoint.positions) this.positions.set(partitionKey(position), position)
    for (const cursor of checkpoint.cursors) this.byAddress.set(addressKey(cursor), cursor)
    this.knowReplaced(checkpoint)
  }

  private knowReplaced({ floors = [], replaced = [] }: Checkpoint): void {
    for (const floor of floors) this.floorOf.set(partitionKey(floor), floor)
    for (const one of replaced) this.gone.set(one.path, one)
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

  /** Where the events of a segment went that was replaced since this state was opened. */
  public movedOf(path: string): Moved | undefined {
    return this.movedFrom.get(path)
  }

  /** Segments that were replaced not long ago. */
  public get replaced(): readonly Replaced[] {
    return [...this.gone.values()]
  }

  /** Up to which position the events of each partition were removed for their age. */
  public get floors(): readonly (PartitionOf & { readonly last: number })[] {
    return [...this.floorOf.values()]
  }

  /** The position of the last recorded event of a partition; undefined: there is none. */
  public lastOf(partition: PartitionOf): number | undefined {
    return this.positions.get(partitionKey(partition))?.last
  }

  /** Up to where nothing of a partition is missing that no gap names; undefined: nothing is known of it. */
  public throughOf(partition: PartitionOf): number | undefined {
    const [last, passed] = [this.lastOf(partition), this.missing.through(partition)]
    return last === undefined ? passed : Math.max(last, passed ?? last)
  }

  /** Positions that were deleted before they were recorded, in the order in which that was found. */
  public get gaps(): readonly NotedGap[] {
    return this.missing.all
  }

  /** When the last recorded event of a partition was recorded, or a little later; milliseconds since 1970. */
  public recordedAtOf(partition: PartitionOf): number | undefined {
    const [key, last] = [partitionKey(partition), this.lastOf(partition)]
    const isLast = ({ runs }: Segment): boolean => runs.some((run) => run.last === last && partitionKey(run) === key)
    return last === undefined ? undefined : [...this.byPath.values()].reverse().find(isLast)?.recordedTo
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
  public apply(manifest: Manifest): void {
    const { version, added, removed, cursors, gaps = [], passed = [] } = manifest
    this.at = version
    if (removed.length > 0) this.replace(manifest)
    for (const segment of added) {
      this.byPath.set(segment.path, segment)
      for (const run of segment.runs) {
        this.missing.found(run)
        this.advance(run)
      }
    }
    this.missing.note(gaps, version)
    for (const one of passed) this.missing.pass(one)
    for (const cursor of cursors) this.byAddress.set(addressKey(cursor), cursor)
  }

  private replace({ removed, added, at, replacing = NOTHING }: Manifest): void {
    const { moved, floors, purge } = replacing
    this.putInPlaceOf(removed, added, moved)
    for (const one of moved) this.movedFrom.set(one.from, one)
    for (const floor of floors) this.floorOf.set(partitionKey(floor), floor)
    for (const path of removed) this.gone.set(path, { path, at: Date.parse(at), purge })
  }

  /** A segment has the place of the first one whose events it has, so that the order stays. */
  private putInPlaceOf(removed: readonly string[], added: readonly Segment[], moved: readonly Moved[]): void {
    const gone = new Set(removed)
    const byPath = new Map(added.map((segment) => [segment.path, segment]))
    const targets = new Map(moved.map(({ from, to }) => [from, byPath.get(to)]))
    const before = this.segments
    this.byPath.clear()
    for (const segment of before) {
      const kept = gone.has(segment.path) ? targets.get(segment.path) : segment
      if (kept !== undefined) this.byPath.set(kept.path, kept)
    }
  }

  /** The state as a checkpoint keeps it. */
  public checkpoint(): Checkpoint {
    const cursors = [...this.byAddress.values()]
    const replaced = this.replaced.filter(({ at }) => Date.now() - at < REPLACED_LIFE_MS)
    const { segments, partitions: positions, floors, gaps, missing } = this
    const { allPassed: passed } = missing
    return { version: this.at, segments, positions, cursors, gaps, passed, floors, replaced }
  }

  /** Segments that were put together from others bring positions that are known. */
  private advance(run: Run): void {
    const partition = partitionOf(run)
    const known = this.lastOf(run)
    if (partition === undefined || (known !== undefined && known >= run.last)) return
    this.positions.set(partitionKey(run), { ...partition, last: run.last })
  }
}
