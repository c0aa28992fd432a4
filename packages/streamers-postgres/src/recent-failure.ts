/** Milliseconds for which a write that was refused counts, also when a smaller one has gone through since. */
const REMEMBERED_MS = 5_000

/** What a write was last refused with, for a while. */
export class RecentFailure {
  private last?: { readonly at: number; readonly error: Error }

  /** To be called with what a write was refused with for the sake of the storage. */
  public note(error: Error): void {
    this.last = { at: performance.now(), error }
  }

  /** Throws what was noted in the last five seconds. */
  public check(): void {
    if (this.last && performance.now() - this.last.at < REMEMBERED_MS) throw this.last.error
  }
}
