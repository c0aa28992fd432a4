import { finishesWithin } from '../timing'
import type { Streaming } from './streaming'

/** Start and end of a service's streaming. An end that comes during the start loses nothing of what was begun by then. */
export class LifeCycle {
  private starting?: Promise<void>
  private ending?: Promise<void>

  public constructor(private readonly streaming: Pick<Streaming, 'claimState' | 'start' | 'drain' | 'drainMs'>) {}

  /**
   * Takes the state and the groups, has the rest of the service started, and starts streaming. Rejects as these do. Where it is drained
   * meanwhile, it begins nothing more, and resolves when that is done.
   */
  public async start(startRest: () => Promise<void> | undefined = () => undefined): Promise<void> {
    await this.unlessEnding(() => this.streaming.claimState())
    await this.unlessEnding(startRest)
    await this.unlessEnding(() => (this.starting = this.streaming.start()))
    await this.ending
  }

  /** As {@link Streaming.drain}. Receivers that are being started are waited for as long as handlers are. */
  public drain(): Promise<void> {
    this.ending ??= this.end()
    return this.ending
  }

  private async end(): Promise<void> {
    const { starting, streaming } = this
    const started = Promise.resolve(starting).catch(() => undefined)
    await finishesWithin(streaming.drainMs, started)
    await streaming.drain()
  }

  private async unlessEnding(begin: () => Promise<void> | undefined): Promise<void> {
    if (this.ending) return
    try {
      await begin()
    } catch (error) {
      // Why a start failed whose state was closed meanwhile says nothing.
      if (!this.ending) throw error
    }
  }
}
