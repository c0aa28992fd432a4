import { POSTGRES_WORDS, PostgresDatabase, postgresError, resolveOptions } from '@boostercloud/streamers-postgres'
import type { SchemaContent } from '@boostercloud/streamers-postgres'
import type { Remains, StateOwner } from '@boostercloud/streamers/state'
import type { ResolvedOptions } from '../options'
import { sql } from '../sql'
import type { Database, Listening, SqlRow, SqlStatement } from './database'
import { PostgresListener } from './postgres-listener'
import { postgresDialect } from './postgres-dialect'
import { storeMigrations } from './schema'

const CONTENT: SchemaContent = {
  purpose: 'the event store',
  table: 'event_store',
  migrations: storeMigrations({
    ...POSTGRES_WORDS,
    text: 'TEXT COLLATE "C"',
    searched: 'doc JSONB NOT NULL,',
  }),
}

/** PostgreSQL, which several processes of a service share. */
export class SharedPostgres implements Database {
  public readonly dialect = postgresDialect
  public readonly shared = true
  private listener?: PostgresListener

  private constructor(
    private readonly database: PostgresDatabase,
    private readonly options: ResolvedOptions & { readonly url: string }
  ) {}

  /** Connects, and makes or updates the schema. Rejects with a `STORAGE_…` error that names host, database and user. */
  public static async open(
    options: ResolvedOptions & { readonly url: string },
    owner: StateOwner
  ): Promise<SharedPostgres> {
    const { url, schema, poolSize, ssl, credentials } = options
    const resolved = resolveOptions({ url, schema, poolSize, ssl, credentials })
    return new SharedPostgres(await PostgresDatabase.open(resolved, owner, CONTENT), options)
  }

  public get name(): string {
    return this.database.name
  }

  public async claim(): Promise<void> {
    return Promise.resolve()
  }

  public async transaction(statements: readonly SqlStatement[]): Promise<SqlRow[][]> {
    return this.database.transaction(statements.map(checked))
  }

  public async query(statement: SqlStatement): Promise<SqlRow[]> {
    return this.database.query(statement)
  }

  public async shred(): Promise<readonly Remains[]> {
    return this.database.shred()
  }

  public async probe(): Promise<void> {
    await this.database.probe()
  }

  public async tell(statement: SqlStatement): Promise<void> {
    await this.transaction([statement, sql(`SELECT pg_notify(?1, '')`, this.options.schema)])
  }

  public async listen(listening: Listening): Promise<void> {
    const named = (error: unknown): unknown => postgresError(error, this.name, CONTENT.purpose)
    this.listener ??= new PostgresListener(this.options, {
      told: () => listening.told(),
      deaf: (error) => listening.deaf(named(error)),
    })
    await this.listener.start().catch((error: unknown) => {
      throw named(error)
    })
  }

  public async close(): Promise<void> {
    await this.listener?.close()
    await this.database.close()
  }
}

/** What has changed, PostgreSQL answers as rows. */
function checked(statement: SqlStatement): SqlStatement {
  const { unchanged } = statement
  if (!unchanged) return statement
  return {
    ...statement,
    sql: `${statement.sql} RETURNING 1 AS changed`,
    check: ({ length }) => {
      if (length === 0) throw unchanged()
    },
  }
}
