import { createHash } from 'node:crypto'
import type { ConnectionOptions } from 'node:tls'
import { isObject, option, settingsOf } from '@boostercloud/streamer-connector'
import type { CredentialsProvider, SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import type { StateOwner } from '@boostercloud/streamers/state'

/**
 * Where the state is, and how it is reached.
 * @public
 */
export interface PostgresStateOptions {
  /** `postgres://user:password@host:5432/database`. Where the password is missing, PostgreSQL's own variables and files give it. */
  readonly url: string
  /**
   * The schema that holds the tables; made if it is not there. Default: one of this service and environment, `streamers_<app>_<environment>`, so
   * that services can share a database.
   */
  readonly schema?: string
  /** The most connections of this process. Default 8. */
  readonly poolSize?: number
  /** Encryption: true, or what Node's `tls.connect` takes. Default: what the address says (`?sslmode=`). */
  readonly ssl?: boolean | ConnectionOptions
  /**
   * Returns user and password before each attempt to connect, in place of those of the address. So a password can be rotated without a restart. Default: those of the address.
   */
  readonly credentials?: CredentialsProvider
  /** Milliseconds that a connection, or the answer to a statement, may take. Default 30,000. */
  readonly timeoutMs?: number
}

/** The length that PostgreSQL cuts names at (https://www.postgresql.org/docs/current/sql-syntax-lexical.html, identifiers). */
const LONGEST_NAME = 63
const NAME = /^[a-z_][a-z0-9_]{0,62}$/
const LONGEST_MS = 2 ** 31 - 1
const SCHEMES = ['postgres:', 'postgresql:']

/**
 * What the options of all that keeps something in a schema take, and their defaults.
 * @internal
 */
export const SCHEMA_OPTIONS = {
  schema: option.of<string>(
    `up to ${LONGEST_NAME} small letters, digits and _, not beginning with pg_ or a digit`,
    isSchemaName
  ),
  poolSize: option.whole(1, 10_000).or(8),
  ssl: option.of<boolean | ConnectionOptions>("true, false, or what Node's tls.connect takes", isTls).secret,
  credentials: option.credentials,
} satisfies Pick<SchemaOf<PostgresStateOptions>, 'schema' | 'poolSize' | 'ssl' | 'credentials'>

/** What each option takes, and its default. An address may have a password in it. */
const OPTIONS = {
  ...SCHEMA_OPTIONS,
  url: option.of<string>('postgres://user:password@host:5432/database', isPostgresAddress).required.secret,
  timeoutMs: option.milliseconds(1, LONGEST_MS).or(30_000),
} satisfies SchemaOf<PostgresStateOptions>

/**
 * Options with their defaults.
 * @internal
 */
export type ResolvedOptions = SettingsOf<typeof OPTIONS>

/**
 * Throws `OPTION_INVALID`; never repeats the address, which may have a password in it.
 * @internal
 */
export function resolveOptions(options: PostgresStateOptions): ResolvedOptions {
  return settingsOf('PostgresState', OPTIONS, options)
}

/** The schema of a service: told apart by a digest where its name had to be changed to be a plain one. */
export function schemaOf({ appName, environment }: StateOwner): string {
  const readable = `streamers_${appName}_${environment}`
  const plain = readable.toLowerCase().replace(/[^a-z0-9_]/g, '_')
  if (plain === readable && plain.length <= LONGEST_NAME) return plain
  const digest = createHash('sha256')
    .update(JSON.stringify([appName, environment]))
    .digest('hex')
    .slice(0, 8)
  return `${plain.slice(0, LONGEST_NAME - 9)}_${digest}`
}

/** The address as it may be shown. */
export function shownAddress(url: string, schema: string): string {
  const { protocol, username, host, pathname } = new URL(url)
  const user = username && `${username}@`
  return `${protocol}//${user}${host}${pathname} (schema ${schema})`
}

/**
 * Whether it is the address of a PostgreSQL database.
 * @internal
 */
export function isPostgresAddress(url: unknown): boolean {
  return typeof url === 'string' && URL.canParse(url) && SCHEMES.includes(new URL(url).protocol)
}

function isSchemaName(name: unknown): boolean {
  return typeof name === 'string' && NAME.test(name) && !name.startsWith('pg_')
}

function isTls(value: unknown): boolean {
  return typeof value === 'boolean' || isObject(value)
}
