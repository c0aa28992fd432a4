import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'

interface Meaning {
  readonly what: string
  readonly hint: string
  readonly retryable: boolean
  readonly code?: 'STORAGE_FOREIGN'
}

const RIGHTS: Meaning = {
  what: 'refuses this user',
  hint: 'Give the right user and password, and grant that user CREATE on the database or on the schema.',
  retryable: false,
}
const AWAY: Meaning = {
  what: 'cannot be reached',
  hint: 'Look whether it runs, and whether this machine can reach it.',
  retryable: true,
}
const NO_DATABASE: Meaning = { what: 'has no such database', hint: 'Create it, or name another.', retryable: false }
const READ_ONLY: Meaning = {
  what: 'takes no writes',
  hint: 'Name the primary server: a standby can only be read.',
  retryable: true,
}
const FULL: Meaning = { what: 'has no room left', hint: 'Free some space or memory there.', retryable: true }
const TOO_MANY: Meaning = {
  what: 'takes no more connections',
  hint: 'Lower poolSize, or raise its max_connections.',
  retryable: true,
}
const WAITED: Meaning = {
  what: 'did not get to it in time',
  hint: 'Look for a transaction that keeps it waiting.',
  retryable: true,
}
const CONFLICT: Meaning = {
  what: 'gave up again and again, because others wrote the same rows',
  hint: 'Try again.',
  retryable: true,
}
const CHANGED: Meaning = {
  code: 'STORAGE_FOREIGN',
  what: 'is not the one that was opened: a table or the schema is gone',
  hint: 'Nothing was changed. Restore the schema, or start the service anew to make it.',
  retryable: false,
}

/** By SQLSTATE, the longest beginning first (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const MEANINGS: readonly (readonly [string, Meaning])[] = [
  ['25006', READ_ONLY],
  ['25P03', AWAY],
  ['28', RIGHTS],
  ['3D000', NO_DATABASE],
  ['3F000', CHANGED],
  ['42P01', CHANGED],
  ['42501', RIGHTS],
  ['40', CONFLICT],
  ['53300', TOO_MANY],
  ['53', FULL],
  ['55P03', WAITED],
  ['57014', WAITED],
  ['57P', AWAY],
  ['58', FULL],
  ['08', AWAY],
]

/** Whether the server has undone the transaction for the sake of another, and would take it now. */
export function isConflict(thrown: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(thrown) ?? '')
}

/** Whether the connection is of no use any more. */
export function isConnectionLost(thrown: unknown): boolean {
  const state = sqlState(thrown)
  if (state === undefined) return !isStreamerError(thrown)
  return meaningOf(state) === AWAY || meaningOf(state) === READ_ONLY
}

/**
 * Something thrown by the client as a `STORAGE_…` error that names host, database and user. What tells of the statement (its syntax, a
 * constraint) is the caller's own and comes back unchanged.
 */
export function storageError(thrown: unknown, name: string, purpose: string): unknown {
  if (isStreamerError(thrown)) return thrown
  const state = sqlState(thrown)
  const meaning = state === undefined ? AWAY : meaningOf(state)
  if (!meaning) return thrown
  const { code = 'STORAGE_UNAVAILABLE', what, hint, retryable } = meaning
  const told = describe(thrown)
  return new StreamerError(code, `The database of ${purpose} ${what}: ${told}.`, {
    at: name,
    hint,
    retryable,
    cause: thrown,
  })
}

function meaningOf(state: string): Meaning | undefined {
  return MEANINGS.find(([beginning]) => state.startsWith(beginning))?.[1]
}

/** The server's code; the system's codes, as ECONNREFUSED, are longer words. */
function sqlState(thrown: unknown): string | undefined {
  const { code } = (thrown ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : undefined
}

/** Several addresses were tried where it is an AggregateError, which has no message of its own. */
function describe(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(describe).join('; ')
  return thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown)
}
