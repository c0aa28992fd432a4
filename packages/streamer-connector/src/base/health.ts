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

/** After so many milliseconds a look counts as lost, and the next to ask looks again. */
const LOST_AFTER_MS = 60_000

/** Looks once at a time, for all who ask meanwhile, and makes an answer of whatever fails. Each of them waits for as long as the limit says. */
export class HealthCheck {
  private looking?: { readonly found: Promise<StreamerHealth>; readonly since: number }

  /** Never rejects. */
  public async ask(isClosed: boolean, question: HealthQuestion): Promise<StreamerHealth> {
    const { about, failure, shut = { connected: false }, look, limitMs = 5_000 } = question
    if (isClosed) return { healthy: false, details: { ...about, ...shut, closed: true } }
    if (look === undefined) {
      if (failure === undefined) return { healthy: true, details: { ...about, ...shut } }
      return { healthy: false, details: { ...about, ...shut, error: errorName(failure) } }
    }
    const found = within(limitMs, this.look(look))
    const { healthy, details } = await found.catch((thrown: unknown) => ({
      healthy: false,
      details: { ...shut, error: errorName(thrown) },
    }))
    return { healthy, details: { ...about, ...details } }
  }

  private look(look: () => Promise<StreamerHealth>): Promise<StreamerHealth> {
    const now = performance.now()
    if (this.looking && now - this.looking.since < LOST_AFTER_MS) return this.looking.found
    const looking = { found: begun(look), since: now }
    const over = (): void => {
      if (this.looking === looking) this.looking = undefined
    }
    looking.found.then(over, over)
    this.looking = looking
    return looking.found
  }
}

/** Its promise, which rejects also where it throws at once. */
async function begun(look: () => Promise<StreamerHealth>): Promise<StreamerHealth> {
  return look()
}
