import { createHash, randomUUID } from 'node:crypto'
import { SegmentWriter } from '../format'
import type { RecordedEvent } from '../format'
import { DraftSummary, MOST_TYPES, partitionKey, partitionOf } from '../manifest'
import type { LakeVersions, Moved, Replacement, Run, Segment } from '../manifest'
import { eventsOf } from '../read'
import type { LakeStorage } from '../storage'

/** Whether an event stays. */
export type Keeps = (event: RecordedEvent) => boolean

/** Segments, put together into one, without the events that do not stay. */
export interface Rewritten extends Pick<Replacement, 'added' | 'removed' | 'moved'> {
  readonly segment: Segment
  /** Events that did not stay. */
  readonly left: number
}

/** Puts segments that follow each other into one, in their order. Nothing is written. */
export async function rewrite(
  storage: LakeStorage,
  versions: LakeVersions,
  segments: readonly Segment[],
  keeps: Keeps = () => true
): Promise<Rewritten> {
  const writer = new SegmentWriter()
  const summary = new DraftSummary()
  const runs = new Runs()
  const path = pathFor(segments)
  const moved: Moved[] = []
  let left = 0
  for (const segment of segments) {
    const start = writer.rows
    const without = new Ranges()
    runs.follow(segment)
    let row = 0
    for await (const events of eventsOf(storage, versions, segment)) {
      for (const event of events) {
        if (keeps(event)) {
          writer.add(event)
          summary.add(event, null)
        } else {
          without.add(row)
          runs.leaveOut(event)
          left += 1
        }
        row += 1
      }
    }
    moved.push({ from: segment.path, to: path, start, ...(without.all.length > 0 && { without: without.all }) })
  }
  const { bytes, index, addresses, types } = summary.draft(writer.finish(), [])
  const forgotten = left + segments.reduce((sum, one) => sum + (one.forgotten ?? 0), 0)
  const segment: Segment = {
    path,
    rows: writer.rows,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    recordedFrom: Math.min(...segments.map(({ recordedFrom }) => recordedFrom)),
    recordedTo: Math.max(...segments.map(({ recordedTo }) => recordedTo)),
    addresses,
    ...(types.length <= MOST_TYPES && { types }),
    runs: runs.all,
    ...(forgotten > 0 && { forgotten }),
  }
  return { segment, added: [{ segment, bytes, index }], removed: segments.map((one) => one.path), moved, left }
}

/** It is found by the day of its last event. */
function pathFor(segments: readonly Segment[]): string {
  const day = new Date(Math.max(...segments.map(({ recordedTo }) => recordedTo))).toISOString().slice(0, 10)
  return `segments/${day}/${randomUUID()}.parquet`
}

/** The runs of segments that follow each other. */
class Runs {
  private readonly runs = new Map<string, Run>()

  public get all(): Run[] {
    return [...this.runs.values()]
  }

  public follow({ runs }: Segment): void {
    for (const run of runs) {
      const before = this.runs.get(partitionKey(run))
      const forgotten = (before?.forgotten ?? 0) + (run.forgotten ?? 0)
      const joined = before === undefined ? run : { ...before, last: run.last, rows: before.rows + run.rows }
      this.runs.set(partitionKey(run), { ...joined, ...(forgotten > 0 && { forgotten }) })
    }
  }

  public leaveOut(event: RecordedEvent): void {
    const partition = partitionOf(event)
    const run = partition && this.runs.get(partitionKey(partition))
    if (run === undefined) return
    this.runs.set(partitionKey(run), { ...run, rows: run.rows - 1, forgotten: (run.forgotten ?? 0) + 1 })
  }
}

/** Whole numbers that come in ascending order, as ranges. */
class Ranges {
  public readonly all: [number, number][] = []

  public add(value: number): void {
    const last = this.all[this.all.length - 1]
    if (last?.[1] === value) last[1] += 1
    else this.all.push([value, value + 1])
  }
}
