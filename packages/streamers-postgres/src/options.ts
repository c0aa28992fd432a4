import { createHash } from 'node:crypto'
import type { ConnectionOptions } from 'node:tls'
import { StreamerError } from '@boostercloud/streamer-connector'
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
  /** Milliseconds that a connection, or the answer to a statement, may take. Default 30,000. */
  readonly timeoutMs?: number
}

/**
 * Options with their defaults.
 * @internal
 */
export type ResolvedOptions = Required<Pick<PostgresStateOptions, 'poolSize' | 'timeoutMs'>> & PostgresStateOptions

/** The length that PostgreSQL cuts names at (https://www.postgresql.org/docs/current/sql-syntax-lexical.html, identifiers). */
const LONGEST_NAME = 63
const NAME = /^[a-z_][a-z0-9_]{0,62}$/
const SCHEMES = ['postgres:', 'postgresql:']

/**
 * Throws `OPTION_INVALID`; never repeats the address, which may have a password in it.
 * @internal
 */
export function resolveOptions(options: PostgresStateOptions): ResolvedOptions {
  const { url, schema, poolSize = 8, timeoutMs = 30_000 } = options
  if (!isAddress(url)) {
    throw invalid('url', 'is no address of a PostgreSQL database', 'Write postgres://user:password@host:5432/database.')
  }
  if (schema !== undefined && (!NAME.test(schema) || schema.startsWith('pg_'))) {
    throw invalid('schema', 'is no plain name', 'Use up to 63 small letters, digits and _, and do not begin with pg_.')
  }
  requireCount('poolSize', poolSize)
  requireCount('timeoutMs', timeoutMs)
  return { ...options, poolSize, timeoutMs }
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

function isAddress(url: unknown): url is string {
  return typeof url === 'string' && URL.canParse(url) && SCHEMES.includes(new URL(url).protocol)
}

function requireCount(option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw invalid(option, 'is no number from 1', 'Give a whole number from 1.')
}

function invalid(option: string, what: string, hint: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The option '${option}' ${what}.`, { at: 'PostgresState.at', hint })
}
