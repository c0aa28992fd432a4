/** What became of the events of a run, as its handler saw them. */
export interface Verdict {
  readonly handled: number
  /** Not handled, although a later event of the same entity was. */
  readonly lost: number
  /** Not handled, nor any later event of the same entity: perhaps they are still to come. */
  readonly waiting: number
  /** Handled again after they had been handled. */
  readonly doubled: number
  /** Handled after a later event of the same entity. */
  readonly reordered: number
}

/** Counts what is handled, by the running number of each event. */
export class Tally {
  private readonly seen = new Set<number>()
  private readonly latest = new Map<string, number>()
  private doubled = 0
  private reordered = 0

  /** How many different events were handled. */
  public get handled(): number {
    return this.seen.size
  }

  /** An event was handled to the end. Numbers grow in the order of publishing. */
  public add(entity: string, n: number): void {
    if (this.seen.has(n)) this.doubled += 1
    else if (n < (this.latest.get(entity) ?? -1)) this.reordered += 1
    this.seen.add(n)
    this.latest.set(entity, Math.max(n, this.latest.get(entity) ?? -1))
  }

  /** What it came to, where the events 0 to `published` - 1 were published. */
  public verdict(published: number, entityOf: (n: number) => string): Verdict {
    const { handled, doubled, reordered } = this
    let lost = 0
    for (let n = 0; n < published; n += 1) {
      if (!this.seen.has(n) && n < (this.latest.get(entityOf(n)) ?? -1)) lost += 1
    }
    return { handled, lost, waiting: published - handled - lost, doubled, reordered }
  }
}

/** Why a figure says nothing; undefined for one that stands. */
export function voidReason({ lost, doubled, reordered }: Verdict): string | undefined {
  const faults = Object.entries({ lost, doubled, reordered }).filter(([, count]) => count > 0)
  return faults.length === 0 ? undefined : faults.map(([what, count]) => `${count} ${what}`).join(', ')
}
