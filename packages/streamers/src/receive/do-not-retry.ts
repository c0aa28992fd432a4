import type { RetryPolicy } from './link'

const MARK = Symbol.for('@boostercloud/streamers/do-not-retry')

/**
 * A handler throws it where no further try can help, as for an event that breaks a rule of the service: the event is a dead letter at once, whatever the
 * retry policy says. `cause`: what lies beneath.
 * @public
 */
export class DoNotRetryError extends Error {
  /** By this an error is known that another copy of this package has made. */
  public readonly [MARK] = true

  public constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'DoNotRetryError'
  }
}

/** Whether an error says by itself, or by the policy, that no further try can help. */
export function isNeverRetried(error: unknown, { neverRetry = [] }: Pick<RetryPolicy, 'neverRetry'>): boolean {
  if (typeof error !== 'object' || error === null) return false
  if (MARK in error) return true
  const { name } = error as { readonly name?: unknown }
  return neverRetry.some((one) => (typeof one === 'string' ? name === one : error instanceof one))
}
