import { setTimeout as pause } from 'node:timers/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import { fromStored, sql } from '@boostercloud/streamers/state'
import type { Remains, SqlDatabase, SqlRow, SqlStatement, StateOwner } from '@boostercloud/streamers/state'
import type { Pool, PoolClient, QueryResult } from 'pg'
import { STREAMING_STATE } from './content'
import type { SchemaContent } from './content'
import { migrate } from './migrate'
import { schemaOf, shownAddress } from './options'
import type { ResolvedOptions } from './options'
import { makePool } from './pool'
import { RecentFailure } from './recent-failure'
import { shred } from './shred'
import { toQuery } from './statement'
import { isConflict, isConnectionLost, storageError } from './storage-error'

const TRIES = 6
const FIRST_DELAY_MS = 5

/** The transaction was undone, or never began: it may be tried again. */
class NotCommitted extends Error {}

/**
 * PostgreSQL as the state's database. Transactions run at once on several connections, each in one or two round trips; the server shares
 * the cost of the disk among them.
 *
 * Places are given when a row is inserted, and so follow the order in which one process awaited its commits. Between processes a lower
 * place may become visible later than a higher one. That does no harm: the marks are read anew from the lowest place at each pass, and two
 * events of one key are parked by processes that have each parked, or seen finished, what was before them.
 * @internal
 */
export class PostgresDatabase implements SqlDatabase {
  private readonly underWay = new Set<Promise<unknown>>()
  private readonly refused = new RecentFailure()
  private closing?: Promise<void>

  private constructor(
    public readonly name: string,
    private readonly pool: Pool,
    private readonly content: Pick<SchemaContent, 'purpose' | 'table'>
  ) {}

  /** Connects, and makes or updates the schema. Rejects with a `STORAGE_…` error that names host, database and user. */
  public static async open(
    options: ResolvedOptions,
    owner: StateOwner,
    content: SchemaContent = STREAMING_STATE
  ): Promise<PostgresDatabase> {
    const schema = options.schema ?? schemaOf(owner)
    const name = shownAddress(options.url, schema)
    const database = new PostgresDatabase(name, makePool(options, schema), content)
    try {
      await database.tracked(() => database.using((client) => migrate(client, { content, owner, schema, name })))
      return database
    } catch (thrown) {
      await database.close()
      throw thrown
    }
  }

  public async transaction(statements: readonly SqlStatement[]): Promise<SqlRow[][]> {
    if (statements.length === 0) return []
    return this.tracked(
      () => this.insist(() => this.using((client) => transact(client, statements))),
      (error) => this.refused.note(error)
    )
  }

  public async query(statement: SqlStatement): Promise<SqlRow[]> {
    return this.tracked(() =>
      this.insist(() =>
        this.using(async (client) => rowsOf(await client.query(toQuery(statement)).catch(retryWhereLost)))
      )
    )
  }

  /** Waits for nobody who has the row: then that one is just writing. */
  public async probe(): Promise<void> {
    this.refused.check()
    const { table } = this.content
    await this.transaction([
      sql(
        `UPDATE ${table} SET version = version WHERE only_row IN (SELECT only_row FROM ${table} FOR UPDATE SKIP LOCKED)`
      ),
    ])
  }

  public async shred(): Promise<readonly Remains[]> {
    return this.tracked(() => this.using((client) => shred(client, this.name)))
  }

  public close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.underWay).then(() => this.pool.end())
    return this.closing
  }

  /** Refuses what comes after `close`, which waits for what came before, and names the database in errors. */
  private async tracked<T>(work: () => Promise<T>, refused?: (error: Error) => void): Promise<T> {
    if (this.closing) {
      throw new StreamerError('CLOSED', `The database of ${this.content.purpose} is closed.`, {
        at: this.name,
        hint: 'Open it again.',
      })
    }
    const running = work().catch((thrown: unknown) => {
      const error = storageError(thrown, this.name, this.content.purpose)
      if (error !== thrown && error instanceof Error) refused?.(error)
      throw error
    })
    this.underWay.add(running)
    try {
      return await running
    } finally {
      this.underWay.delete(running)
    }
  }

  private async insist<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work()
      } catch (thrown) {
        if (!(thrown instanceof NotCommitted)) throw thrown
        if (tries === TRIES) throw thrown.cause
        await pause(Math.random() * FIRST_DELAY_MS * 2 ** tries)
      }
    }
  }

  private async using<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    try {
      const result = await work(client)
      client.release()
      return result
    } catch (thrown) {
      client.release(isConnectionLost(thrown instanceof NotCommitted ? thrown.cause : thrown))
      throw thrown
    }
  }
}

/**
 * All statements are sent at once. Where none of them has to be checked, so is COMMIT, which undoes everything if one of them failed. A
 * connection lost after that leaves open what became of it: the caller is told, and may write the same again.
 */
async function transact(client: PoolClient, statements: readonly SqlStatement[]): Promise<SqlRow[][]> {
  const isChecked = statements.some(({ check }) => check)
  const begun = [client.query('BEGIN'), ...statements.map((statement) => client.query(toQuery(statement)))]
  const ended = isChecked ? [] : [client.query('COMMIT')]
  const settled = await Promise.allSettled([...begun, ...ended])
  const failed = settled.find((each): each is PromiseRejectedResult => each.status === 'rejected')
  if (failed) {
    if (isChecked) await rollBack(client)
    const mayTryAgain = isConflict(failed.reason) || (isChecked && isConnectionLost(failed.reason))
    throw mayTryAgain ? new NotCommitted('', { cause: failed.reason }) : failed.reason
  }
  const results = settled.slice(1, 1 + statements.length) as PromiseFulfilledResult<QueryResult>[]
  const rows = results.map(({ value }) => rowsOf(value))
  if (isChecked) await checkAndCommit(client, statements, rows)
  return rows
}

async function checkAndCommit(
  client: PoolClient,
  statements: readonly SqlStatement[],
  rows: readonly SqlRow[][]
): Promise<void> {
  try {
    statements.forEach(({ check }, index) => check?.(rows[index]))
  } catch (thrown) {
    await rollBack(client)
    throw thrown
  }
  await client.query('COMMIT').catch((thrown: unknown) => {
    throw isConflict(thrown) ? new NotCommitted('', { cause: thrown }) : thrown
  })
}

/** A connection that is lost has no transaction any more, and says so in what is thrown for it. */
async function rollBack(client: PoolClient): Promise<void> {
  await client.query('ROLLBACK').catch(() => undefined)
}

function retryWhereLost(thrown: unknown): never {
  throw isConnectionLost(thrown) ? new NotCommitted('', { cause: thrown }) : thrown
}

function rowsOf({ rows }: QueryResult): SqlRow[] {
  return (rows as SqlRow[]).map(fromStored)
}
