import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { PartitionOffset } from '../client'
import type { PartitionState } from './partition-state'

/** What a committer needs. */
export interface CommitterOptions {
  readonly partitions: () => Iterable<PartitionState>
  /** Rejects where nobody is there to do it. */
  readonly commit: (offsets: readonly PartitionOffset[]) => Promise<void>
  readonly intervalMs: number
  readonly logger?: StreamerLogger
  readonly at: string
}

/** Commits how far partitions are settled, one request at a time, and no more often than it must. What fails is kept for the next time. */
export class Committer {
  private timer?: NodeJS.Timeout
  private running?: Promise<void>

  public constructor(private readonly options: CommitterOptions) {}

  /** Has what is settled committed before long. */
  public soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.tryNow()
    }, this.options.intervalMs)
  }

  /** Has it committed at once, if that can be. */
  public tryNow(): void {
    this.now().catch((thrown: unknown) => {
      const reason = isStreamerError(thrown) ? thrown.message : String(thrown)
      this.options.logger?.debug(`Settled offsets of ${this.options.at} are not committed yet: ${reason}`)
      if (this.behind().length > 0) this.soon()
    })
  }

  /** Resolves when everything is committed that was settled when it was called. */
  public async now(): Promise<void> {
    while (this.running) await this.running.catch(() => undefined)
    if (this.behind().length === 0) return
    this.running = this.commit().finally(() => (this.running = undefined))
    await this.running
  }

  /** Commits no more by itself. */
  public stop(): void {
    clearTimeout(this.timer)
  }

  private behind(): PartitionState[] {
    return [...this.options.partitions()].filter(({ isBehind }) => isBehind)
  }

  private async commit(): Promise<void> {
    const behind = this.behind()
    const offsets = behind.map(({ id, settled }) => ({ partition: id, offset: settled }))
    await this.options.commit(offsets)
    behind.forEach((partition, index) => (partition.committed = Math.max(partition.committed, offsets[index].offset)))
  }
}
