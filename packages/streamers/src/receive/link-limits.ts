import { Limiter, evenNow } from '../timing'
import type { Link } from './link'
import { Stopped } from './stopped'

/** How often and how many at once each handler of a process is run. A run waits for its handler before it takes a slot of its address. */
export class LinkLimits {
  private readonly handlers = new Map<string, HandlerLimits>()

  public constructor(private readonly stopped: AbortSignal) {}

  /** Does the work when its handler may run; rejects with `Stopped` when the service stops first. */
  public async run(link: Link, work: () => Promise<void>): Promise<void> {
    if (link.concurrency === undefined && link.maxPerSecond === undefined) return work()
    const limits = this.handlers.get(link.handler) ?? new HandlerLimits(link, this.stopped)
    this.handlers.set(link.handler, limits)
    return limits.run(work)
  }
}

/** Of one handler. */
class HandlerLimits {
  private readonly limiter: Limiter
  private readonly everyMs: number
  private nextAt = Number.NEGATIVE_INFINITY

  public constructor(
    { concurrency = Infinity, maxPerSecond = Infinity }: Link,
    private readonly stopped: AbortSignal
  ) {
    this.limiter = new Limiter(concurrency)
    this.everyMs = 1_000 / maxPerSecond
  }

  public async run(work: () => Promise<void>): Promise<void> {
    return this.limiter.run(async () => {
      await this.turn()
      return work()
    })
  }

  /** Resolves when the next run may begin: runs begin at even intervals, and what was not used is not made up for. */
  private async turn(): Promise<void> {
    const now = evenNow()
    const at = Math.max(now, this.nextAt)
    this.nextAt = at + this.everyMs
    if (this.stopped.aborted) throw new Stopped()
    if (at <= now) return
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(new Stopped())
      }
      const timer = setTimeout(() => {
        this.stopped.removeEventListener('abort', stop)
        resolve()
      }, at - now)
      this.stopped.addEventListener('abort', stop, { once: true })
    })
  }
}
