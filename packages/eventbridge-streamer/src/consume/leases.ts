import type { Failure, Queue, Receipt } from '../client'
import type { Holding } from './holding'

/** What leases are of. */
export interface LeasesOptions {
  readonly queue: Queue
  readonly holding: Holding
  readonly visibilitySeconds: number
  /** Told of the IDs of what was handed out and could not be kept from others. */
  readonly onLost: (eventIds: readonly string[]) => void
}

/** Keeps what is held from others for as long as it is unsettled, and deletes what is settled. */
export class Leases {
  /** Why something settled could not be deleted the last time. */
  public failure?: unknown
  private timer?: NodeJS.Timeout
  private deleting = Promise.resolve()
  private keeping?: Promise<void>
  private isClosed = false

  public constructor(private readonly options: LeasesOptions) {}

  /** Begins to look after what is held; ends by itself when nothing is. */
  public watch(): void {
    if (this.timer !== undefined || this.isClosed) return
    this.timer = setTimeout(() => {
      this.keeping = this.look().finally(() => {
        this.timer = undefined
        const { size, settled } = this.options.holding
        if (size > 0 || settled.length > 0) this.watch()
      })
    }, this.visibilityMs / 4)
  }

  /** Deletes what is settled; what cannot be deleted is tried again with the next. Never rejects. */
  public delete(): Promise<void> {
    this.deleting = this.deleting.then(() => this.deleteNow())
    return this.deleting
  }

  /** Deletes what is settled, and gives back what is not. Never rejects. */
  public async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.keeping
    await this.delete()
    const { holding, queue } = this.options
    const unsettled = holding.endingBefore(Number.POSITIVE_INFINITY)
    await queue.keep(unsettled, 0).catch(() => undefined)
  }

  private get visibilityMs(): number {
    return this.options.visibilitySeconds * 1000
  }

  private async look(): Promise<void> {
    await this.keep()
    if (this.options.holding.settled.length > 0) await this.delete()
  }

  /** Keeps on what has not much time left. What SQS no longer lets us keep, or could not be asked about in time, is lost. */
  private async keep(): Promise<void> {
    const { holding, queue, visibilitySeconds } = this.options
    const ending = holding.endingBefore(performance.now() + this.visibilityMs * 0.7)
    if (ending.length === 0) return
    const until = performance.now() + this.visibilityMs
    const failures = await queue.keep(ending, visibilitySeconds).catch((): Failure[] | undefined => undefined)
    if (failures !== undefined) {
      const failed = new Set(failures.map(({ messageId }) => messageId))
      for (const held of ending) if (!failed.has(held.messageId)) held.until = until
      this.lose(failures.filter(({ senderFault }) => senderFault))
    }
    this.lose(holding.endingBefore(performance.now()))
  }

  private lose(messages: readonly Pick<Receipt, 'messageId'>[]): void {
    if (messages.length === 0) return
    const eventIds = this.options.holding.lose(new Set(messages.map(({ messageId }) => messageId)))
    if (eventIds.length > 0) this.options.onLost(eventIds)
  }

  private async deleteNow(): Promise<void> {
    const { holding, queue } = this.options
    const settled = holding.settled.map(({ messageId, receipt }) => ({ messageId, receipt }))
    if (settled.length === 0) return
    try {
      const failures = await queue.delete(settled)
      const failed = new Set(failures.filter(({ senderFault }) => !senderFault).map(({ messageId }) => messageId))
      holding.forget(settled.filter(({ messageId }) => !failed.has(messageId)))
      this.failure = undefined
    } catch (thrown) {
      this.failure = thrown
    }
  }
}
