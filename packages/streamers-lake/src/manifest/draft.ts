import { createHash, randomUUID } from 'node:crypto'
import { SegmentIndexWriter, SegmentReader, SegmentWriter, fileOf } from '../format'
import type { RecordedEvent } from '../format'
import { addressKey, partitionKey, partitionOf } from './manifest'
import type { Cursor, PartitionOf, Passed, Run, Segment } from './manifest'

/** As many types as a manifest names of a segment. */
export const MOST_TYPES = 50

/** A run of events of one partition that was read without a gap, before it is known what the lake has. */
export interface ReadRun extends PartitionOf {
  /** What was read of the partition before; null: nothing. Every event between it and `last` is in the draft, or is none that the broker has. */
  readonly readFrom: number | null
  readonly first: number
  readonly last: number
  readonly rows: number
}

/** The last position that the lake has of a partition; undefined: none. */
export type LastOf = (partition: PartitionOf) => number | undefined

/** Events that are to become a segment. */
export interface Draft {
  readonly bytes: Uint8Array
  /** The index of its ids and keys. */
  readonly index: Uint8Array
  readonly rows: number
  readonly recordedFrom: number
  readonly recordedTo: number
  readonly addresses: readonly string[]
  readonly types: readonly string[]
  readonly runs: readonly ReadRun[]
  readonly cursors: readonly Cursor[]
  /** How far partitions are known beyond what is recorded of them. */
  readonly passed?: readonly Passed[]
}

/** Gathers what a manifest says of events. */
export class DraftSummary {
  private readonly index = new SegmentIndexWriter()
  private rows = 0
  private recordedFrom = Infinity
  private recordedTo = -Infinity
  private readonly addresses = new Set<string>()
  private readonly types = new Set<string>()
  private readonly runs = new Map<
    string,
    { of: PartitionOf; readFrom: number | null; first: number; last: number; rows: number }
  >()

  /** `readFrom`: what was read of its partition before, where this is the first of the partition here. */
  public add(event: RecordedEvent, readFrom: number | null): void {
    const { position, type, recordedAt } = event
    this.rows += 1
    this.index.add(event)
    this.recordedFrom = Math.min(this.recordedFrom, recordedAt)
    this.recordedTo = Math.max(this.recordedTo, recordedAt)
    this.addresses.add(addressKey(event))
    if (type !== undefined && this.types.size <= MOST_TYPES) this.types.add(type)
    const of = partitionOf(event)
    if (of === undefined || position === undefined) return
    const key = partitionKey(of)
    const run = this.runs.get(key)
    if (run === undefined) this.runs.set(key, { of, readFrom, first: position, last: position, rows: 1 })
    else {
      run.last = position
      run.rows += 1
    }
  }

  /** The draft of these events, as a segment's bytes. */
  public draft(bytes: Uint8Array, cursors: readonly Cursor[]): Draft {
    const { rows, recordedFrom, recordedTo } = this
    return {
      bytes,
      index: this.index.finish(),
      rows,
      recordedFrom,
      recordedTo,
      addresses: [...this.addresses].sort(),
      types: [...this.types].sort(),
      runs: Array.from(this.runs.values(), ({ of, ...run }) => ({ ...of, ...run })),
      cursors,
    }
  }
}

/** The draft without what the lake has already; undefined where nothing is left. */
export async function withoutKnown(draft: Draft, lastOf: LastOf): Promise<Draft | undefined> {
  const isKnown = (event: RecordedEvent): boolean => {
    const partition = partitionOf(event)
    return partition !== undefined && event.position !== undefined && event.position <= (lastOf(partition) ?? -1)
  }
  const readFrom = new Map(draft.runs.map((run) => [partitionKey(run), run.readFrom]))
  const summary = new DraftSummary()
  const kept = new SegmentWriter()
  const reader = await SegmentReader.open(fileOf(draft.bytes), 'a draft')
  for await (const events of reader.events()) {
    for (const event of events) {
      if (isKnown(event)) continue
      const partition = partitionOf(event)
      const from = partition && readFrom.get(partitionKey(partition))
      summary.add(event, from ?? null)
      kept.add(event)
    }
  }
  return kept.rows === 0 ? undefined : summary.draft(kept.finish(), draft.cursors)
}

/** What a manifest says of a draft that becomes a segment, its runs placed behind what the lake has. */
export function segmentFor(draft: Draft, lastOf: LastOf): Segment {
  const { rows, bytes, recordedFrom, recordedTo, addresses, types, runs } = draft
  const day = new Date(recordedTo).toISOString().slice(0, 10)
  return {
    path: `segments/${day}/${randomUUID()}.parquet`,
    rows,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    recordedFrom,
    recordedTo,
    addresses,
    ...(types.length <= MOST_TYPES && { types }),
    runs: runs.map(({ readFrom: _, ...run }): Run => ({ ...run, after: lastOf(run) ?? null })),
  }
}

/** How a draft's runs stand to what the lake has: `known` says that some of their events are in it, `apart` that events between are missing. */
export function standing(
  runs: readonly ReadRun[],
  lastOf: LastOf
): { readonly known: boolean; readonly apart: readonly ReadRun[] } {
  const known = runs.some((run) => (lastOf(run) ?? -1) >= run.first)
  const apart = runs.filter((run) => run.readFrom !== null && (lastOf(run) ?? -1) < run.readFrom)
  return { known, apart }
}
