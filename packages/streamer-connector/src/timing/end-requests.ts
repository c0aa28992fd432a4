import { Stopwatch } from './stopwatch'

/** Milliseconds in which more signals are the same Ctrl-C: npm passes on to a program what the terminal has sent to both. */
const SAME_MS = 500

/**
 * Tells the first request to end a process, by which it ends in order, from those that come with it and from a later one, by which it ends at once.
 * @internal
 */
export class EndRequests {
  private first?: Stopwatch

  /** Takes the next one. `same`: it came within half a second of the first. */
  public next(): 'first' | 'same' | 'later' {
    if (this.first) return this.first.elapsedMs > SAME_MS ? 'later' : 'same'
    this.first = new Stopwatch()
    return 'first'
  }
}
