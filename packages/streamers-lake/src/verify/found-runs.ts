import type { RecordedEvent } from '../format'
import { addressKey, partitionKey, partitionOf } from '../manifest'
import type { Segment } from '../manifest'

type Run = Segment['runs'][number]

/** The runs of a segment, by its events. */
export class FoundRuns {
  /** What is wrong with the order of a partition; undefined: nothing. */
  public disorder?: string
  private readonly runs = new Map<string, { readonly first: number; last: number; rows: number }>()

  /** The next event of the segment. */
  public add(event: RecordedEvent): void {
    const { position } = event
    const partition = partitionOf(event)
    if (partition === undefined || position === undefined) return
    const key = partitionKey(partition)
    const run = this.runs.get(key)
    if (run === undefined) return void this.runs.set(key, { first: position, last: position, rows: 1 })
    if (position <= run.last) {
      this.disorder ??= `Position ${position} of ${addressKey(event)}, partition ${partition.partition}, comes behind position ${run.last}.`
    }
    run.last = position
    run.rows += 1
  }

  /** How a run of the manifest differs from what was found; undefined: it does not. */
  public differenceFrom(run: Run): string | undefined {
    const { rows = 0, first, last } = this.runs.get(partitionKey(run)) ?? {}
    if (rows === run.rows && isWithin(run, first, last)) return undefined
    return `Partition ${run.partition} of ${addressKey(run)} has ${rows} events; its manifest says ${run.rows}, from ${run.first} to ${run.last}.`
  }
}

/** Whether a run begins and ends where its manifest says; one of which events were removed on purpose is within that. */
function isWithin({ forgotten = 0, rows, ...run }: Run, first = run.first, last = run.last): boolean {
  if (forgotten > 0) return first >= run.first && last <= run.last
  return rows > 0 && first === run.first && last === run.last
}
