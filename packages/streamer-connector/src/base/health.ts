import { isStreamerError } from '../contract'
import type { StreamerHealth } from '../contract'
import { within } from '../timing'

/**
 * An error as `health()` tells it: by its code, or in its own words where it is no `StreamerError`.
 * @experimental
 */
export function errorName(thrown: unknown): string {
  if (isStreamerError(thrown)) return thrown.code
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/**
 * How a connector is asked how it is.
 * @experimental
 */
export interface HealthQuestion {
  /** Details that are always told. */
  readonly about: StreamerHealth['details']
  /** Asks the broker. Missing while nothing is in use: then nothing connects for being asked. */
  readonly look?: () => Promise<StreamerHealth>
  /** Why what is not in use could not be opened, if so. */
  readonly failure?: unknown
  /** Details that are told where there is nothing to look at. Default `{ connected: false }`. */
  readonly shut?: StreamerHealth['details']
  /** How long looking may take; milliseconds. Default 5000. */
  readonly limitMs?: number
}

/** Asks once at a time, with a limit, and makes an answer of whatever fails. */
export class HealthCheck {
  private asking?: Promise<StreamerHealth>

  /** Never rejects. */
  public async ask(isClosed: boolean, question: HealthQuestion): Promise<StreamerHealth> {
    const { about, failure, shut = { connected: false }, look, limitMs = 5_000 } = question
    if (isClosed) return { healthy: false, details: { ...about, ...shut, closed: true } }
    if (look === undefined) {
      if (failure === undefined) return { healthy: true, details: { ...about, ...shut } }
      return { healthy: false, details: { ...about, ...shut, error: errorName(failure) } }
    }
    this.asking ??= within(limitMs, look())
      .catch((thrown: unknown) => ({ healthy: false, details: { ...shut, error: errorName(thrown) } }))
      .finally(() => (this.asking = undefined))
    const { healthy, details } = await this.asking
    return { healthy, details: { ...about, ...details } }
  }
}
