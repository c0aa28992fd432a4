import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { finishesWithin } from '../timing'
import { Stopped } from './stopped'
import { HandOut } from './hand-out'
import type { HandOutOptions } from './hand-out'
import { InFlight } from './in-flight'
import { SettledMark } from './settled-mark'
import type { HandedOut } from './settled-mark'

/**
 * What a push receiver needs to know.
 * @internal
 */
export type PushReceiverOptions = Omit<HandOutOptions, 'inFlight'>

/** Milliseconds that running handlers are given to finish when a call's time is over. */
const GRACE_MS = 500

/**
 * Events → handlers, for one address, in a process that runs only while it is called: each call takes what it is handed and ends when
 * that is settled, or when `signal` says that its time is over. Nothing is begun between two calls. A handler that outlasts its call keeps its
 * claim for as long as that lasts, so nobody else runs it beside.
 * @internal
 */
export class PushReceiver {
  private calls = 0

  public constructor(private readonly options: PushReceiverOptions) {}

  /** Hands events to their handlers. Resolves with those that are not settled: nothing durable says yet what became of them. */
  public async receive(events: readonly ExternalEvent[], signal: AbortSignal): Promise<ExternalEvent[]> {
    let settled = (): void => undefined
    let entries: readonly HandedOut[] = []
    const mark: SettledMark = new SettledMark(() => mark.unsettled === 0 && settled())
    await this.call(mark, signal, async (out) => {
      await out.refreshPaused()
      entries = await out.take(events)
      if (mark.unsettled > 0) await new Promise<void>((resolve) => (settled = resolve))
    })
    return events.filter((_, index) => !entries[index]?.settled)
  }

  /** Tries again what is parked and due, until nothing of it is. */
  public async retry(signal: AbortSignal): Promise<void> {
    await this.call(new SettledMark(() => undefined), signal, async (out) => {
      await out.refresh()
      await out.quiet()
    })
  }

  private async call(mark: SettledMark, signal: AbortSignal, work: (out: HandOut) => Promise<void>): Promise<void> {
    this.calls += 1
    const owner = `${this.options.owner}:${this.calls}`
    const stopping = new AbortController()
    const out = new HandOut(
      { ...this.options, owner, sole: false, inFlight: new InFlight() },
      mark,
      false,
      stopping.signal
    )
    const isOver = new Promise<void>((resolve) => {
      const stop = (): void => {
        stopping.abort()
        resolve()
      }
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true, signal: stopping.signal })
    })
    try {
      await Promise.race([work(out), isOver])
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
    } finally {
      stopping.abort()
      if (await finishesWithin(GRACE_MS, out.quiet())) await out.abandon()
    }
  }
}
