import { openSqlite } from '@boostercloud/streamer-sqlite'
import type { SqliteFile } from '@boostercloud/streamer-sqlite'
import type { Remains } from '../records'
import type { SqlDatabase, SqlRow, SqlStatement, TransactionOptions } from './database'
import { ownIdOf } from './own-id'
import { remainsOf } from './remains'
import { migrations } from './schema'

/** Marks the file as ours: "BSst". */
const APPLICATION_ID = 0x42537374

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

  public async shred(): Promise<readonly Remains[]> {
    return remainsOf(this.file)
  }

  public ownId(): Promise<string> {
    return ownIdOf(this.file)
  }

  public async probe(): Promise<void> {
    await this.file.probe()
  }

  public async close(): Promise<void> {
    await this.file.close()
  }
}
