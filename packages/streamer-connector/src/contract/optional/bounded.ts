import { has } from './has'

/**
 * What a broker still has of a partition.
 * @experimental
 */
export interface PartitionBounds {
  /** As `ExternalEvent.place` has them. */
  readonly partition: string
  readonly logId?: string
  /** Everything before this offset was deleted, or was never there. */
  readonly first: number
  /** No event has this offset or a higher one yet. */
  readonly end: number
}

/**
 * Tells what its broker still has of a topic, so that a reader which was away finds out what was deleted meanwhile.
 * @experimental
 */
export interface Bounded {
  /** Of each partition. Consumes nothing and joins no group. Empty where there is no such topic yet. Rejects as a poll does. */
  bounds(topic?: string): Promise<readonly PartitionBounds[]>
}

/**
 * Whether it tells what its broker still has.
 * @experimental
 */
export function isBounded(value: unknown): value is Bounded {
  return has(value, 'bounds')
}
