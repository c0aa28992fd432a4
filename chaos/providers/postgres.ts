import type { SqlDatabase, SqlRow, SqlStatement } from '@boostercloud/streamers/state'
import { Client } from 'pg'
import { ChaosServer } from '../server'
import type { ChaosServerKind } from '../server-kind'
import type { Stage } from '../stages'
import type { ChaosProvider } from './provider'
import { ALL_AT_ONCE, sqlStore } from './sql-store'

/** SIGSTOP does not meet the processes that serve connections: each is of a group of its own. */
const server: ChaosServerKind = {
  broker: 'postgres',
  settings: () => ({}),
  faults: ['kill', 'cut', 'lose-answer', 'half-open', 'delay'],
  isRequest: { commit: (bytes) => bytes.includes('COMMIT') },
}

/** The provider for SQL on PostgreSQL: two processes a service, and a third one that joins in the midst. */
export const postgres: ChaosProvider = {
  name: 'postgres',
  package: '@boostercloud/framework-provider-sql',
  processes: 2,
  joining: 1,
  neverReached: ALL_AT_ONCE,
  patienceMs: 2_000,
  server,
  open: async () => {
    const running = await ChaosServer.start(server)
    return {
      server: running,
      env: () => ({ DATABASE_URL: running.url }),
      store: (stage) => sqlStore(() => schemaOf(running.directUrl, stage)),
      close: () => running.stop(),
    }
  },
}

/** Each service has a schema of its own. */
async function schemaOf(url: string, stage: Stage): Promise<SqlDatabase | undefined> {
  const schema = `booster_${stage}_local`
  const client = new Client({ connectionString: url, options: `-c search_path=${schema}` })
  await client.connect()
  const { rows } = await client.query("SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'events'", [
    schema,
  ])
  if (rows.length > 0) return databaseOn(client, schema)
  await client.end()
  return undefined
}

function databaseOn(client: Client, name: string): SqlDatabase {
  const run = async ({ sql, values }: SqlStatement): Promise<SqlRow[]> =>
    (await client.query(sql.replace(/\?(\d+)/g, '$$$1'), [...values])).rows as SqlRow[]
  return {
    name,
    query: run,
    transaction: async (statements) => {
      const rows: SqlRow[][] = []
      await client.query('BEGIN')
      for (const statement of statements) rows.push(await run(statement))
      await client.query('COMMIT')
      return rows
    },
    close: () => client.end(),
  }
}
