/**
 * Where the clock's readings come from; for tests.
 * @internal
 */
export interface Readings {
  /** The machine's clock: milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number
  /** Milliseconds of a clock that nobody sets. Default: `performance.now`. */
  readonly passed?: () => number
}

interface Reading {
  readonly at: number
  readonly passed: number
}

/** How far a clock may be from where it is expected; milliseconds. */
const NEAR_MS = 60_000
/** So close to the time of what was stored last, a clock that was just begun with is believed; milliseconds. */
const RECENT_MS = 3_600_000
/** A clock that has stayed for so long where it jumped to is believed; milliseconds. */
const SETTLES_AFTER_MS = 600_000

/**
 * The time that retention goes by. What is deleted because of a wrong clock is lost, so a clock that jumps ahead is followed only when it has stayed
 * there for ten minutes; until then time goes on from where it was. One that is set back deletes nothing meanwhile.
 * @internal
 */
export class RetentionClock {
  private believed: Reading
  private jumped?: Reading
  private readonly readAt: () => Reading

  /**
   * `newest`: when something was last stored, milliseconds since 1970. A clock that is close to it is right from the start; one that is far from it
   * may be right, too, and has to show that. Undefined: nothing is known, and the clock has to show it.
   */
  public constructor(newest: number | undefined, { now = Date.now, passed = () => performance.now() }: Readings = {}) {
    this.readAt = () => ({ at: now(), passed: passed() })
    const begun = this.readAt()
    const isRecent = newest !== undefined && Math.abs(begun.at - newest) <= RECENT_MS
    this.believed = isRecent ? begun : { ...begun, at: 0 }
    if (!isRecent) this.jumped = begun
  }

  /** Milliseconds since 1970: no later than what is surely past. */
  public now(): number {
    const read = this.readAt()
    const { jumped } = this
    if (isNear(read, this.believed)) this.believe(read)
    else if (!jumped || !isNear(read, jumped)) this.jumped = read
    else if (read.passed - jumped.passed >= SETTLES_AFTER_MS) this.believe(read)
    return Math.min(read.at, expectedAt(this.believed, read))
  }

  /** Whether the machine's clock has been where it is for long enough to be believed. */
  public get isSettled(): boolean {
    this.now()
    return this.jumped === undefined
  }

  private believe(read: Reading): void {
    this.believed = read
    this.jumped = undefined
  }
}

function isNear(read: Reading, from: Reading): boolean {
  return Math.abs(read.at - expectedAt(from, read)) <= NEAR_MS
}

/** What a clock says that goes on from there evenly. */
function expectedAt({ at, passed }: Reading, read: Reading): number {
  return at + read.passed - passed
}
