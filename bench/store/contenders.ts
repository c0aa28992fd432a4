import { Client } from 'pg'

/** A provider that is measured. */
export interface StoreContender {
  readonly title: string
  readonly ours: boolean
  readonly providerPackage: string
  /** What tells it of an empty database, a new one each time. */
  readonly emptyDatabase: () => Promise<Readonly<Record<string, string>>>
  /** Has the database count what it holds by now, where it does so by itself within a minute. */
  readonly count?: (database: Readonly<Record<string, string>>) => Promise<void>
}

export const STOCK: StoreContender = {
  title: 'framework-provider-local',
  ours: false,
  providerPackage: '@boostercloud/framework-provider-local',
  emptyDatabase: async () => ({}),
}

export const SQLITE: StoreContender = {
  title: 'framework-provider-sql, SQLite',
  ours: true,
  providerPackage: '@boostercloud/framework-provider-sql',
  emptyDatabase: async () => ({ DATABASE_URL: '' }),
}

/** The same provider on a PostgreSQL server. */
export function onPostgres(server: string): StoreContender {
  let made = 0
  return {
    ...SQLITE,
    title: 'framework-provider-sql, PostgreSQL',
    emptyDatabase: async () => ({ DATABASE_URL: await makeDatabase(server, `bench_${process.pid}_${made++}`) }),
    count: ({ DATABASE_URL }) => inDatabase(DATABASE_URL, 'ANALYZE'),
  }
}

async function makeDatabase(server: string, name: string): Promise<string> {
  await inDatabase(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function inDatabase(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
