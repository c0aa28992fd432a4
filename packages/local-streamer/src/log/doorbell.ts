import { closeSync, openSync, utimesSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { Signal } from '@boostercloud/streamer-connector'

/**
 * Tells the processes that share a log that there is something new. Writers touch a file; the operating system tells everybody who
 * watches it. It is a hint and no more: where it cannot be rung or watched, readers look by themselves a little later.
 */
export class Doorbell {
  private readonly rings = new Signal()
  private watcher?: FSWatcher
  private closed = false

  /** Makes the file at `path`, for its owner alone, and watches it. Never throws: see {@link works}. */
  public constructor(private readonly path: string) {
    try {
      closeSync(openSync(path, 'a', 0o600))
      this.watcher = watch(path, { persistent: false }, () => this.rings.give())
      this.watcher.on('error', () => this.stopWatching())
    } catch {
      this.stopWatching()
    }
  }

  /** Whether other processes are heard. They are not where the system has run out of watches, for instance. */
  public get works(): boolean {
    return this.watcher !== undefined
  }

  /** Whether {@link close} was called. */
  public get isClosed(): boolean {
    return this.closed
  }

  /** To be called when something new is durable. */
  public ring(): void {
    this.rings.give()
    const now = new Date()
    try {
      utimesSync(this.path, now, now)
    } catch {
      this.stopWatching()
    }
  }

  /** Resolves at the next ring of any process, after so many milliseconds, or when the bell is closed. */
  public async rung(limitMs: number): Promise<void> {
    if (!this.closed) await this.rings.next(limitMs)
  }

  /** Lets everybody go who waits. May be called twice. */
  public close(): void {
    this.closed = true
    this.stopWatching()
    this.rings.give()
  }

  private stopWatching(): void {
    this.watcher?.close()
    this.watcher = undefined
  }
}
