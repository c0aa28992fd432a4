import type { EventEnvelope } from '@boostercloud/framework-types'
import { entityKey } from '../events/append'
import { microsOf } from '../events/times'

interface Waiter {
  readonly until: number
  readonly resolve: (rest: Promise<void>) => void
}

/** Callers that wait until their events are dispatched. */
export class Waiters {
  private readonly byEntity = new Map<string, Waiter[]>()

  /** Resolves when events and those that came of them are dispatched, or have failed. */
  public async wait(events: readonly EventEnvelope[]): Promise<void> {
    const newest = new Map<string, number>()
    for (const { entityTypeName, entityID, createdAt } of events) {
      newest.set(entityKey(entityTypeName, entityID), microsOf(createdAt))
    }
    await Promise.all([...newest].map(([key, until]) => this.waitFor(key, until)))
  }

  /** The events of an entity are dispatched up to there, and have registered others. */
  public settle(key: string, until: number, registered: readonly EventEnvelope[]): void {
    const waiting = this.byEntity.get(key)
    if (!waiting) return
    const left = waiting.filter((waiter) => waiter.until > until)
    if (left.length > 0) this.byEntity.set(key, left)
    else this.byEntity.delete(key)
    if (left.length === waiting.length) return
    const rest = this.wait(registered)
    for (const waiter of waiting) if (waiter.until <= until) waiter.resolve(rest)
  }

  /** The entities that somebody waits for, as keys. */
  public get keys(): readonly string[] {
    return [...this.byEntity.keys()]
  }

  /** Lets all go. */
  public release(): void {
    for (const waiter of [...this.byEntity.values()].flat()) waiter.resolve(Promise.resolve())
    this.byEntity.clear()
  }

  private async waitFor(key: string, until: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.byEntity.set(key, [...(this.byEntity.get(key) ?? []), { until, resolve: (rest) => resolve(rest) }])
    })
  }
}
