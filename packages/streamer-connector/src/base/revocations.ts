import type { Revoked } from '../contract'

/**
 * The listeners that hear which events were taken away; see `Revoking`.
 * @experimental
 */
export class Revocations {
  private readonly listeners = new Set<(revoked: Revoked) => void>()

  /** Answers what ends the listening. */
  public listen(listener: (revoked: Revoked) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Tells all of them, unless nothing is taken away. */
  public tell(revoked: Revoked): void {
    if (revoked.eventIds.length === 0) return
    for (const listener of this.listeners) listener(revoked)
  }
}
