import type { ParkedRow } from '../table/rows'
import type { WorkingCopy } from '../table/working-copy'

/** What a change is made on. */
export interface Desk {
  readonly rows: WorkingCopy
  /** The rows of parked events that changes name by their places, as they were read. */
  readonly byPlace: ReadonlyMap<number, ParkedRow>
  /** The next number of a place. */
  readonly nextPlace: () => number
  readonly inboxMs: number
  readonly deadLetterMs: number
}
