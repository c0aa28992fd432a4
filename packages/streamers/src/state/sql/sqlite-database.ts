import { StreamerError } from '@boostercloud/streamer-connector'
import { openSqlite } from '@boostercloud/streamer-sqlite'
import type { SqliteFile } from '@boostercloud/streamer-sqlite'
import type { SqlDatabase, SqlRow, SqlStatement, TransactionOptions } from './database'
import { migrations } from './schema'

/** Marks the file as ours: "BSst". */
const APPLICATION_ID = 0x42537374

/** Milliseconds within which no other process reads for a moment. */
const SHRED_WITHIN_MS = 10_000

/** SQLite, embedded: commits of one turn of the event loop share a transaction, and each that is not lazy is synced to disk before it resolves. */
export class SqliteDatabase implements SqlDatabase {
  private constructor(private readonly file: SqliteFile) {}

  /** Opens or creates the file; rejects with a `STORAGE_…` error that names it. */
  public static async open(path: string): Promise<SqliteDatabase> {
    const file = await openSqlite({
      path,
      applicationId: APPLICATION_ID,
      migrations: migrations({ place: 'INTEGER PRIMARY KEY AUTOINCREMENT', bytes: 'BLOB' }),
      purpose: 'the streaming state',
    })
    // Deleted bytes are overwritten: what is forgotten, a person's data, is gone from the file.
    file.read('PRAGMA secure_delete = ON')
    return new SqliteDatabase(file)
  }

  public get name(): string {
    return this.file.path
  }

  public async transaction(statements: readonly SqlStatement[], options?: TransactionOptions): Promise<SqlRow[][]> {
    return this.file.write(
      (transaction) =>
        statements.map(({ sql, values, check }) => {
          const rows = transaction.all(sql, ...values) as SqlRow[]
          check?.(rows)
          return rows
        }),
      options
    )
  }

  public async query({ sql, values }: SqlStatement): Promise<SqlRow[]> {
    return this.file.read(sql, ...values) as SqlRow[]
  }

  /** Empties the write-ahead log, which has older contents of pages. Rejects with `STORAGE_BUSY` where others read all the time. */
  public async shred(): Promise<void> {
    for (const end = Date.now() + SHRED_WITHIN_MS; ;) {
      const [{ busy }] = this.file.read('PRAGMA wal_checkpoint(TRUNCATE)')
      if (busy === 0) return
      if (Date.now() > end) throw notShredded(this.name)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  public async close(): Promise<void> {
    await this.file.close()
  }
}

function notShredded(at: string): StreamerError {
  return new StreamerError(
    'STORAGE_BUSY',
    'What was deleted is still in the write-ahead log: others read all the time.',
    {
      at,
      hint: 'Ask again, or stop the service first.',
      retryable: true,
    }
  )
}
