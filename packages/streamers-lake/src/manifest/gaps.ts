import { partitionKey } from './manifest'
import type { Gap, NotedGap, PartitionOf, Run } from './manifest'

/** Gaps of a lake, and how far each partition is known without a recorded event. */
export class Gaps {
  private noted: readonly NotedGap[]
  private readonly passed = new Map<string, PartitionOf & { readonly through: number }>()

  public constructor(
    noted: readonly NotedGap[] = [],
    passed: readonly (PartitionOf & { readonly through: number })[] = []
  ) {
    this.noted = noted
    for (const one of passed) this.pass(one)
  }

  /** In the order in which they were found. */
  public get all(): readonly NotedGap[] {
    return this.noted
  }

  /** Everything of a partition up to here is recorded, is named by a gap, or belongs to another topic. Undefined: nothing is known. */
  public through(partition: PartitionOf): number | undefined {
    return this.passed.get(partitionKey(partition))?.through
  }

  public get allPassed(): readonly (PartitionOf & { readonly through: number })[] {
    return [...this.passed.values()]
  }

  public note(gaps: readonly Gap[], version: number): void {
    this.noted = [...this.noted, ...gaps.map((gap) => ({ ...gap, version }))]
    for (const { last: through, streamer, topic, log, partition } of gaps)
      this.pass({
        streamer,
        ...(topic !== undefined && { topic }),
        ...(log !== undefined && { log }),
        partition,
        through,
      })
  }

  public pass(one: PartitionOf & { readonly through: number }): void {
    const key = partitionKey(one)
    if (one.through > (this.passed.get(key)?.through ?? -1)) this.passed.set(key, one)
  }

  /** What a run begins with was in the memory of another recorder when it was taken for lost. */
  public found(run: Run): void {
    const key = partitionKey(run)
    const isFound = (gap: Gap): boolean => gap.first <= run.first && run.first <= gap.last && partitionKey(gap) === key
    if (!this.noted.some(isFound)) return
    this.noted = this.noted.flatMap((gap) => (isFound(gap) ? without(gap, run) : [gap]))
  }
}

/** What is left of a gap. */
function without(gap: NotedGap, { first, last }: Run): NotedGap[] {
  return [
    ...(gap.first < first ? [{ ...gap, last: first - 1 }] : []),
    ...(gap.last > last ? [{ ...gap, first: last + 1 }] : []),
  ]
}
