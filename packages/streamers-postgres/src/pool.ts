import { Pool, types } from 'pg'
import type { PoolConfig } from 'pg'
import { clientWith } from './asking-client'
import type { ResolvedOptions } from './options'

/** PostgreSQL's number for BIGINT, which the client would give as a text; what is counted here stays below 2^53. */
const BIGINT = 20

/**
 * Milliseconds after which the server ends a transaction whose process has stopped moving in the middle of it: its locks would hold up
 * the other replicas.
 */
const STOPPED_MS = 5_000

/** The connections of one process to one schema. They are made as they are needed. */
export function makePool({ url, ssl, poolSize, timeoutMs, credentials }: ResolvedOptions, schema: string): Pool {
  const config: PoolConfig = {
    connectionString: withSettings(url, {
      search_path: schema,
      default_transaction_isolation: 'read\\ committed',
      synchronous_commit: 'on',
      idle_in_transaction_session_timeout: `${STOPPED_MS}`,
    }),
    ssl,
    Client: clientWith(credentials, timeoutMs),
    max: poolSize,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: 'booster-streamers',
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === BIGINT ? Number : types.getTypeParser(oid, format as 'text'),
    } as PoolConfig['types'],
  }
  const pool = new Pool(config)
  // A connection that breaks while it is idle is dropped by the pool; one that breaks in use tells the statement under way.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return pool
}

/** The settings stand in the start-up message, so that each connection has them from its first statement on. */
function withSettings(url: string, settings: Readonly<Record<string, string>>): string {
  const address = new URL(url)
  const own = address.searchParams.get('options')
  const all = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  address.searchParams.set('options', [...(own ? [own] : []), ...all].join(' '))
  return address.href
}
