import { addressKey, partitionKey } from '../manifest'
import type { LakeState, Segment } from '../manifest'
import type { LakeFault } from './fault'

/** Follows the runs of each partition from segment to segment. */
export class PositionCheck {
  private readonly last: Map<string, number>

  /** `floors`: up to which position events were removed for their age. */
  public constructor(floors: LakeState['floors'] = []) {
    this.last = new Map(floors.map((floor) => [partitionKey(floor), floor.last]))
  }

  /** What is wrong with the runs of the next segment. */
  public *runs({ path, runs }: Segment): Generator<LakeFault, void, undefined> {
    for (const run of runs) {
      const key = partitionKey(run)
      const before = this.last.get(key)
      const where = `partition ${run.partition} of ${addressKey(run)}`
      if (before !== undefined && run.first <= before) {
        const message = `Position ${run.first} of ${where} was recorded before: the segments before end at ${before}.`
        yield { kind: 'position-twice', path, message }
      } else if ((before ?? null) !== run.after) {
        const message = `It follows position ${run.after ?? 'none'} of ${where}; the segments before end at ${before ?? 'none'}.`
        yield { kind: 'positions-missing', path, message }
      }
      this.last.set(key, Math.max(before ?? run.last, run.last))
    }
  }
}
