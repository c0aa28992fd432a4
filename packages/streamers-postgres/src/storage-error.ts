import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'

interface Meaning {
  readonly what: string
  readonly hint: string
  readonly retryable: boolean
  readonly code?: 'STORAGE_FOREIGN'
}

const PASSWORD: Meaning = {
  what: 'refuses this user or password',
  hint: 'Correct the user and the password in the address, or PGPASSWORD and ~/.pgpass if the address has none.',
  retryable: false,
}
const NOT_ADMITTED: Meaning = {
  what: 'does not admit this connection',
  hint: 'Add a line for this host, user and database to pg_hba.conf. If its line requires encryption, set ssl or ?sslmode=require.',
  retryable: false,
}
/** What a user needs who has a right too few. */
export const RIGHTS_HINT =
  'Grant that user CREATE on the database, or create the schema, and grant USAGE and CREATE on it and all rights on its tables.'

const RIGHTS: Meaning = {
  what: 'refuses this user a right',
  hint: RIGHTS_HINT,
  retryable: false,
}
const AWAY: Meaning = {
  what: 'cannot be reached',
  hint: 'Check that it runs, and that this machine can reach it.',
  retryable: true,
}
const SILENT: Meaning = {
  what: 'did not answer in time',
  hint: 'Check whether a firewall drops packets to it, and how busy it is. If it is far away, raise timeoutMs.',
  retryable: true,
}
const REFUSED: Meaning = {
  what: 'is not listening',
  hint: 'Start it, and check the host and port in the address.',
  retryable: true,
}
const NO_HOST: Meaning = {
  what: 'has an address whose host is unknown',
  hint: 'Correct the host in the address, or check the DNS of this machine.',
  retryable: true,
}
const NO_ENCRYPTION: Meaning = {
  what: 'does not accept encrypted connections',
  hint: 'Switch ssl on in postgresql.conf, or leave out the option ssl and ?sslmode= if the network is trusted.',
  retryable: false,
}
const CERTIFICATE: Meaning = {
  what: 'has a certificate that is not trusted',
  hint: "Give the certificate of its authority as ssl: { ca }, and use the host name in the certificate ('servername' if it differs).",
  retryable: false,
}
const STARTING: Meaning = {
  what: 'is starting up or shutting down',
  hint: 'Wait until it is up. While the service runs, it tries again.',
  retryable: true,
}
const NO_DATABASE: Meaning = { what: 'has no such database', hint: 'Create it, or use another one.', retryable: false }
const READ_ONLY: Meaning = {
  what: 'does not accept writes',
  hint: 'Name the primary server: a standby can only be read.',
  retryable: true,
}
const DISK: Meaning = {
  what: 'has no room on its disk',
  hint: 'Free some space on the disk of the server. The service then continues without a restart.',
  retryable: true,
}
const MEMORY: Meaning = {
  what: 'has run out of memory or another resource',
  hint: 'The log of the server names the resource. Give it more.',
  retryable: true,
}
const TOO_MANY: Meaning = {
  what: 'does not accept more connections',
  hint:
    'Raise max_connections of the server (or the limit of this user or database), lower poolSize of each service, or put a pooler ' +
    'such as PgBouncer in session mode between them.',
  retryable: true,
}
const POOL: Meaning = {
  what: 'had no connection of this process free in time',
  hint: 'Raise poolSize, or look for slow statements.',
  retryable: true,
}
const WAITED: Meaning = {
  what: 'could not execute a statement in time',
  hint: 'Look for a transaction that blocks it.',
  retryable: true,
}
const CONFLICT: Meaning = {
  what: 'aborted a transaction repeatedly, because others wrote the same rows',
  hint: 'Try again.',
  retryable: true,
}
const CHANGED: Meaning = {
  code: 'STORAGE_FOREIGN',
  what: 'is not the one that was opened: a table or the schema is gone',
  hint: 'Nothing was changed. Restore the schema, or restart the service, which creates it.',
  retryable: false,
}

/** By SQLSTATE, the longest beginning first (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const MEANINGS: readonly (readonly [string, Meaning])[] = [
  ['25006', READ_ONLY],
  ['25P03', AWAY],
  ['28000', NOT_ADMITTED],
  ['28', PASSWORD],
  ['3D000', NO_DATABASE],
  ['3F000', CHANGED],
  ['42P01', CHANGED],
  ['42501', RIGHTS],
  ['40', CONFLICT],
  ['53100', DISK],
  ['53300', TOO_MANY],
  ['53', MEMORY],
  ['55P03', WAITED],
  ['57014', WAITED],
  ['57P03', STARTING],
  ['57P', AWAY],
  ['58', DISK],
  ['08', AWAY],
]

/** Without SQLSTATE: the system's code, Node's or OpenSSL's, or the client's own words. */
const CAUSES: readonly (readonly [RegExp, Meaning])[] = [
  [/ENOTFOUND|EAI_AGAIN/, NO_HOST],
  [/ECONNREFUSED/, REFUSED],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|timeout expired|due to connection timeout|Query read timeout/, SILENT],
  [/timeout exceeded when trying to connect/, POOL],
  [/does not support SSL/, NO_ENCRYPTION],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|certificate/, CERTIFICATE],
  [/SCRAM|SASL|password must be a string|no password supplied/, PASSWORD],
  [/^28000 /, PASSWORD],
]
/** Said with the SQLSTATE that also says that pg_hba.conf has no line. */
const NO_ROLE = /^role .* (does not exist|is not permitted to log in)/

/** What the connection could never be used for, were it there. */
const UNUSABLE: ReadonlySet<Meaning | undefined> = new Set([AWAY, STARTING, READ_ONLY])

/** Whether the server has undone the transaction for the sake of another, and would take it now. */
export function isConflict(thrown: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(thrown) ?? '')
}

/** Whether the connection is of no use any more. */
export function isConnectionLost(thrown: unknown): boolean {
  const state = sqlState(thrown)
  if (state === undefined) return !isStreamerError(thrown)
  return UNUSABLE.has(meaningOf(state))
}

/**
 * Something thrown by the client as a `STORAGE_…` error that names host, database and user. What tells of the statement (its syntax, a
 * constraint) is the caller's own and comes back unchanged.
 * @internal
 */
export function storageError(thrown: unknown, name: string, purpose: string): unknown {
  if (isStreamerError(thrown)) return thrown
  const state = sqlState(thrown)
  const meaning = state === undefined || NO_ROLE.test(describe(thrown)) ? causeOf(thrown) : meaningOf(state)
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

function causeOf(thrown: unknown): Meaning {
  const { code } = (thrown ?? {}) as { code?: unknown }
  const words = `${String(code)} ${describe(thrown)}`
  return CAUSES.find(([cause]) => cause.test(words))?.[1] ?? AWAY
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
