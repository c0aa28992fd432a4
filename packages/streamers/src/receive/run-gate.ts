import { evenNow } from '../timing'
import { Turns } from './turns'

/** How long runs wait for each other, in milliseconds. */
export interface GatePatience {
  /** A run that is older is not waited for by one that is to be alone. */
  readonly besideMs: number
  /** So long nothing else begins beside one that is alone; twice as long for each time that this was not enough. */
  readonly aloneMs: number
  readonly longestAloneMs: number
}

const PATIENCE: GatePatience = { besideMs: 10_000, aloneMs: 30_000, longestAloneMs: 120_000 }

/** One run that was let in. */
export interface Pass {
  /** Whether nothing else runs beside it: then it is the reason if the process ends. */
  readonly isAlone: boolean
  /** Called before something is let in beside it; that waits for it. */
  onCompany?: () => Promise<void>
  /** Others need not wait for it any longer. */
  open(): void
  /** It has ended. */
  leave(): void
}

interface Let extends Pass {
  readonly since: number
  readonly until: number
}

interface Suspect {
  readonly slow: number
  readonly enter: () => void
}

/**
 * Lets the handler runs of a process in: mostly any number beside each other, and one alone where a process has ended with its event before.
 * A run that hangs holds nobody up for long: it is not waited for then, and what runs beside it is not alone.
 * @internal
 */
export class RunGate {
  /** How often and how many at once each handler may run. */
  public readonly turns = new Turns()
  private readonly runs = new Set<Let>()
  private readonly suspects: Suspect[] = []
  private readonly others: (() => void)[] = []
  private alone?: Let
  private isOpening = false
  private timer?: NodeJS.Timeout

  public constructor(private readonly patience: GatePatience = PATIENCE) {}

  /** A run that may have others beside it: at once where nothing is to be alone. */
  public beside(): Pass | Promise<Pass> {
    if (!this.alone && !this.isOpening && this.suspects.length === 0) return this.letIn(false)
    return new Promise((resolve) => {
      this.others.push(() => resolve(this.letIn(false)))
      this.look()
    })
  }

  /** A run that is to be alone. Those that were too slow to be waited for (`slow`: how often) come after those that were not. */
  public byItself(slow: number): Promise<Pass> {
    return new Promise((resolve) => {
      const enter = (): void => {
        const aloneMs = Math.min(this.patience.longestAloneMs, this.patience.aloneMs * 2 ** slow)
        this.alone = this.letIn(this.runs.size === 0, aloneMs)
        resolve(this.alone)
      }
      this.suspects.push({ slow, enter })
      // Those that are handed over together are looked at together.
      setImmediate(() => this.look())
    })
  }

  private letIn(isAlone: boolean, aloneMs = 0): Let {
    const now = evenNow()
    const pass: Let = {
      isAlone,
      since: now,
      until: now + aloneMs,
      open: () => this.release(pass),
      leave: () => {
        this.runs.delete(pass)
        this.release(pass)
      },
    }
    this.runs.add(pass)
    return pass
  }

  private release(pass: Let): void {
    if (this.alone === pass) this.alone = undefined
    if (this.suspects.length > 0 || this.others.length > 0) this.look()
  }

  private look(): void {
    clearTimeout(this.timer)
    if (this.isOpening || this.suspects.length + this.others.length === 0) return
    if (this.alone) {
      const left = this.alone.until - evenNow()
      if (left > 0) this.lookIn(left)
      else this.openTo(this.alone)
    } else if (this.suspects.length > 0) this.admitSuspect()
    else for (const enter of this.others.splice(0)) enter()
  }

  private admitSuspect(): void {
    const youngest = Math.max(0, ...[...this.runs].map(({ since }) => since))
    const left = youngest + this.patience.besideMs - evenNow()
    if (this.runs.size > 0 && left > 0) return this.lookIn(left)
    const least = Math.min(...this.suspects.map(({ slow }) => slow))
    const [next] = this.suspects.splice(
      this.suspects.findIndex(({ slow }) => slow === least),
      1
    )
    next.enter()
  }

  /** It has been alone for long enough: others begin once that is written down. */
  private openTo(alone: Let): void {
    this.isOpening = true
    const told = alone.onCompany?.() ?? Promise.resolve()
    // What cannot be written is said by who writes it.
    const go = (): void => {
      this.isOpening = false
      this.release(alone)
    }
    told.then(go, go)
  }

  private lookIn(ms: number): void {
    // A process that has nothing else to do may end.
    this.timer = setTimeout(() => this.look(), ms).unref()
  }
}
