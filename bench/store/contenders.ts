import { Client } from 'pg'

/** A provider that is measured. */
export interface StoreContender {
  readonly title: string
  readonly ours: boolean
  readonly providerPackage: string
  /** What tells it of an empty database, a new one each time. */
  readonly emptyDatabase: () => Promise<Readonly<Record<string, string>>>
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
  }
}

async function makeDatabase(server: string, name: string): Promise<string> {
  const client = new Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${name}`)
  } finally {
    await client.end()
  }
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
