import { dirname, join } from 'node:path'
import { lockExclusively, openSqlite } from '@boostercloud/streamer-sqlite'
import type { ExclusiveLock, SqliteFile, Statements } from '@boostercloud/streamer-sqlite'
import { ownIdOf, remainsOf } from '@boostercloud/streamers/state'
import type { Remains } from '@boostercloud/streamers/state'
import type { Database, SqlRow, SqlStatement, TransactionOptions } from './database'
import { storeMigrations } from './schema'
import { sqliteDialect } from './sqlite-dialect'

/** Marks the file as ours: "BSpr". */
const APPLICATION_ID = 0x42537072

/** How a file is opened. */
export interface SqliteDatabaseOptions {
  readonly path: string
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Who runs on it, in the message to the next one. */
  readonly holder: string
}

/** SQLite, embedded: what is written in one turn of the event loop shares a transaction. */
export class SqliteDatabase implements Database {
  public readonly dialect = sqliteDialect
  public readonly shared = false
  private claiming?: Promise<ExclusiveLock>

  private constructor(
    private readonly file: SqliteFile,
    private readonly holder: string
  ) {}

  /** Opens or creates the file; rejects with a `STORAGE_…` error that names it. */
  public static async open({ path, synchronous, holder }: SqliteDatabaseOptions): Promise<SqliteDatabase> {
    const file = await openSqlite({
      path,
      applicationId: APPLICATION_ID,
      migrations: storeMigrations({
        place: 'INTEGER PRIMARY KEY AUTOINCREMENT',
        bytes: 'BLOB',
        text: 'TEXT',
        searched: '',
      }),
      synchronous,
      purpose: 'the event store',
    })
    // Pages that many writes touch are copied out of the log, and read from the disk, less often.
    for (const pragma of ['wal_autocheckpoint = 4000', 'cache_size = -65536']) file.read(`PRAGMA ${pragma}`)
    return new SqliteDatabase(file, holder)
  }

  public get name(): string {
    return this.file.path
  }

  public async claim(): Promise<void> {
    this.claiming ??= lockExclusively(join(dirname(this.file.path), 'service.lock'), { holder: this.holder })
    try {
      await this.claiming
    } catch (thrown) {
      this.claiming = undefined
      throw thrown
    }
  }

  public transaction(statements: readonly SqlStatement[], options?: TransactionOptions): Promise<SqlRow[][]> {
    return this.file.write((transaction) => statements.map((statement) => run(statement, transaction)), options)
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
    const lock = await this.claiming?.catch(() => undefined)
    await lock?.release()
  }
}

/** How many rows it has changed SQLite tells at less cost than it answers rows with `RETURNING`. */
function run({ sql, values, check, unchanged }: SqlStatement, transaction: Statements): SqlRow[] {
  if (unchanged) {
    if (transaction.run(sql, ...values).changes === 0) throw unchanged()
    return []
  }
  const rows = transaction.all(sql, ...values) as SqlRow[]
  check?.(rows)
  return rows
}
