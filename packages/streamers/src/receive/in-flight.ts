import type { InboxKey } from '../state'

/**
 * What the handlers of a service are given at this moment, over all of its addresses. An event that comes again meanwhile, also
 * by another address, is settled with the first.
 * @internal
 */
export class InFlight {
  private readonly settling = new Map<string, (() => void)[]>()

  /** What was begun is left unsettled: it may be begun again. */
  public abandon({ handler, source, id }: InboxKey): void {
    this.settling.delete(JSON.stringify([handler, source, id]))
  }

  /**
   * Announces an event for a handler. Answers what to call when it is settled, or undefined where it is in flight already: then
   * `settled` is called with the first.
   */
  public begin({ handler, source, id }: InboxKey, settled: () => void): (() => void) | undefined {
    const name = JSON.stringify([handler, source, id])
    const first = this.settling.get(name)
    if (first) {
      first.push(settled)
      return undefined
    }
    const all = [settled]
    this.settling.set(name, all)
    return () => {
      this.settling.delete(name)
      all.forEach((settle) => settle())
    }
  }
}
