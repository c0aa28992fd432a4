import { Misfit } from '../misfit'
/** Values that a body may have beyond those that its bytes account for: records, nulls and empty lists take no bytes of their own. */
const FREE_VALUES = 10_000
const VALUES_PER_BYTE = 20
/** Levels of containers in one body, as for JSON. What comes after (cloning, storing) is recursive, and its stack is not endless. */
const MAX_LEVELS = 500

/**
 * What the body that is being read may still make of itself. A few bytes can claim billions of values: a count before a list of nulls,
 * or a length. Every container pays for its values before it reads them.
 */
class Budget {
  private values = 0
  private levels = 0

  /** A body of so many bytes is read from now on. */
  public begin(bytes: number): void {
    this.values = FREE_VALUES + bytes * VALUES_PER_BYTE
    this.levels = 0
  }

  /** So many values are about to be read. Throws where they cannot be in the body. */
  public spend(values: number): void {
    this.values -= values
    // Written so that NaN is refused too.
    if (!(this.values >= 0)) throw new Misfit('the bytes claim more values than they can hold')
  }

  /** A container begins. */
  public enter(): void {
    this.levels += 1
    if (this.levels > MAX_LEVELS) throw new Misfit('it is nested too deeply')
  }

  /** A container ends. */
  public leave(): void {
    this.levels -= 1
  }
}

/** One for all: a body is read without interruption. */
export const budget = new Budget()
