import { evenNow } from '../timing'
import type { Limiter } from '../timing'
import type { Link } from './link'

/** Leave to begin one run of a handler: it has a slot of its address, and counts against the limits of the handler. */
export interface Turn {
  /** Does the work, with whose end the turn ends. Called once at most. */
  use<T>(work: () => Promise<T>): Promise<T>
  /** Ends a turn that was not used: it does not count. Nothing where it was used. */
  giveBack(): void
}

/** One who waits for a turn. */
export interface WaitingForTurn {
  /** Resolves with undefined when it is cancelled. */
  readonly turn: Promise<Turn | undefined>
  cancel(): void
}

/** Whether a handler has limits of its own. */
export function isLimited({ concurrency, maxPerSecond }: Pick<Link, 'concurrency' | 'maxPerSecond'>): boolean {
  return concurrency !== undefined || maxPerSecond !== undefined
}

/**
 * How often and how many at once each handler of a process runs, over all of its addresses. A run waits for its handler before it takes a slot of its
 * address, so that other handlers of the address go on.
 */
export class Turns {
  private readonly handlers = new Map<string, HandlerTurns>()

  /** A turn if there is one at once. `slots`: those of the address. */
  public take(link: Link, slots: Limiter): Turn | undefined {
    return this.of(link).take(slots)
  }

  /** Waits behind those of the same handler and address that asked before. */
  public wait(link: Link, slots: Limiter): WaitingForTurn {
    return this.of(link).wait(slots)
  }

  private of(link: Link): HandlerTurns {
    const known = this.handlers.get(link.handler)
    if (known) return known
    const made = new HandlerTurns(link)
    this.handlers.set(link.handler, made)
    return made
  }
}

type Resolve = (turn: Turn | undefined) => void

/** Those who wait for a handler at one address, in order. */
interface Queue {
  readonly waiting: Set<Resolve>
  /** Whether a slot is asked for, for the first of them. */
  isAsking: boolean
}

/** A run that begins so many milliseconds late does not put those after it off: timers are never exact. */
const LATE_MS = 20
/** Node.js knows no longer timers, and looking earlier does no harm; milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

class HandlerTurns {
  private readonly queues = new Map<Limiter, Queue>()
  private readonly concurrency: number
  private readonly everyMs: number
  private running = 0
  private nextAt = Number.NEGATIVE_INFINITY
  private timer?: NodeJS.Timeout

  public constructor({ concurrency = Infinity, maxPerSecond = Infinity }: Link) {
    this.concurrency = concurrency
    this.everyMs = 1_000 / maxPerSecond
  }

  public take(slots: Limiter): Turn | undefined {
    const isFirst = !this.queues.has(slots)
    return isFirst && this.mayBegin && slots.tryEnter() ? this.begin(slots) : undefined
  }

  public wait(slots: Limiter): WaitingForTurn {
    const queue = this.queues.get(slots) ?? { waiting: new Set(), isAsking: false }
    this.queues.set(slots, queue)
    let resolve: Resolve = () => undefined
    const turn = new Promise<Turn | undefined>((resolved) => (resolve = resolved))
    queue.waiting.add(resolve)
    this.look()
    return {
      turn,
      cancel: () => {
        if (!queue.waiting.delete(resolve)) return
        resolve(undefined)
        this.tidy(slots, queue)
      },
    }
  }

  private get mayBegin(): boolean {
    return this.running < this.concurrency && evenNow() >= this.nextAt
  }

  /** Asks for a slot at each address where somebody waits, as soon as the limits allow a run. */
  private look(): void {
    clearTimeout(this.timer)
    if (this.running >= this.concurrency || this.queues.size === 0) return
    const leftMs = this.nextAt - evenNow()
    if (leftMs > 0) this.timer = setTimeout(() => this.look(), Math.min(leftMs, LONGEST_TIMER_MS))
    else for (const [slots, queue] of this.queues) if (!queue.isAsking) void this.ask(slots, queue)
  }

  private async ask(slots: Limiter, queue: Queue): Promise<void> {
    queue.isAsking = true
    await slots.enter()
    queue.isAsking = false
    const [first] = queue.waiting
    // While a slot was waited for, another address may have had the turn.
    if (first && this.mayBegin) {
      queue.waiting.delete(first)
      // The next turn is for another address, if somebody waits there.
      this.queues.delete(slots)
      this.queues.set(slots, queue)
      first(this.begin(slots))
    } else slots.leave()
    this.tidy(slots, queue)
    this.look()
  }

  private tidy(slots: Limiter, { waiting, isAsking }: Queue): void {
    if (waiting.size > 0 || isAsking) return
    this.queues.delete(slots)
    if (this.queues.size === 0) clearTimeout(this.timer)
  }

  private begin(slots: Limiter): Turn {
    const [now, before] = [evenNow(), this.nextAt]
    const next = (now - before > LATE_MS ? now : before) + this.everyMs
    this.nextAt = next
    this.running += 1
    let isOpen = true
    const end = (): void => {
      this.running -= 1
      slots.leave()
      this.look()
    }
    return {
      use: async (work) => {
        isOpen = false
        try {
          return await work()
        } finally {
          end()
        }
      },
      giveBack: () => {
        if (!isOpen) return
        isOpen = false
        if (this.nextAt === next) this.nextAt = before
        end()
      },
    }
  }
}

/** The turn of one lane. It is waited for before an event is taken out of the lane's queue, so that what waits can still be withdrawn, parked or given back. */
export class LaneTurn {
  private current?: Turn
  private waiting?: WaitingForTurn

  public constructor(
    private readonly link: Link,
    private readonly around: { readonly turns: Turns; readonly slots: Limiter; readonly stopped: AbortSignal }
  ) {}

  /** Whether it is waited for. */
  public get isAwaited(): boolean {
    return this.waiting !== undefined
  }

  /** The turn, to be used for one run; undefined where there is none. */
  public get now(): Turn | undefined {
    return this.current
  }

  /** Whether one event may be run now. */
  public take(): boolean {
    const { turns, slots } = this.around
    this.current ??= turns.take(this.link, slots)
    return this.current !== undefined
  }

  /** Waits until one may be run, or until it is cancelled; not at all where the service stops. Everything is to be looked at again then. */
  public async wait(): Promise<void> {
    const { turns, slots, stopped } = this.around
    if (stopped.aborted) return
    this.waiting = turns.wait(this.link, slots)
    this.current = await this.waiting.turn
    this.waiting = undefined
  }

  /** Waits no longer. */
  public cancel(): void {
    this.waiting?.cancel()
  }

  /** To be called when an event was run, or there is none to run. */
  public over(): void {
    this.current?.giveBack()
    this.current = undefined
  }
}
