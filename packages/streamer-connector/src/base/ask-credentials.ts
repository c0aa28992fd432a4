import { StreamerError } from '../contract'
import type { Credentials, CredentialsProvider } from '../contract'
import { within } from '../timing'

/**
 * How long a function may take to return credentials, and the code of the error where it does not.
 * @internal
 */
export interface CredentialsLimits {
  /** Milliseconds. */
  readonly limitMs: number
  readonly code?: 'STREAMER_UNAVAILABLE' | 'STORAGE_UNAVAILABLE'
}

/**
 * Asks for the credentials of the next connection. Rejects with a retryable error where the function fails, is late, or returns something else; the error never has what it returned.
 * @internal
 */
export async function askCredentials(provider: CredentialsProvider, limits: CredentialsLimits): Promise<Credentials> {
  const answer = await within(limits.limitMs, Promise.resolve().then(provider)).catch((cause: unknown) => {
    throw failed(`failed: ${cause instanceof Error ? cause.message : String(cause)}`, limits, cause)
  })
  const { username, password } = ((answer as unknown) ?? {}) as Partial<Record<keyof Credentials, unknown>>
  if (typeof username === 'string' && username !== '' && typeof password === 'string') return { username, password }
  throw failed('did not return { username, password } with two strings', limits)
}

function failed(what: string, { code = 'STREAMER_UNAVAILABLE' }: CredentialsLimits, cause?: unknown): StreamerError {
  return new StreamerError(code, `The function that returns the credentials ${what.replace(/\.$/, '')}.`, {
    at: 'credentials',
    hint: 'Fix the function in the option credentials, or the source that it reads. It is called again before the next attempt to connect.',
    retryable: true,
    cause,
  })
}
