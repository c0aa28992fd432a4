import type { Database, SqlRow } from '../database/database'
import { keysOf, sql } from '../sql'

interface Asked {
  readonly type: string
  readonly id: string
  readonly resolve: (rows: SqlRow[]) => void
  readonly reject: (error: unknown) => void
}

/** Reads of one turn of the event loop share a query: a batch of projections asks for its read models at once. */
export class GatheredReads {
  private asked: Asked[] = []

  public constructor(private readonly database: Database) {}

  /** The rows of a read model, in the order of their sequence. */
  public async rows(type: string, id: string): Promise<SqlRow[]> {
    return new Promise((resolve, reject) => {
      if (this.asked.length === 0) setImmediate(() => void this.ask())
      this.asked.push({ type, id, resolve, reject })
    })
  }

  private async ask(): Promise<void> {
    const asked = this.asked
    this.asked = []
    try {
      const rows = await this.database.query(
        sql(
          `SELECT type, id, sequence, value FROM ${this.database.dialect.keys} AS wanted
           JOIN read_models ON type = a AND id = b ORDER BY sequence`,
          keysOf([...new Map(asked.map(({ type, id }) => [JSON.stringify([type, id]), [type, id]])).values()])
        )
      )
      const found = new Map<string, SqlRow[]>()
      for (const row of rows) {
        const key = JSON.stringify([row.type, row.id])
        found.set(key, [...(found.get(key) ?? []), row])
      }
      for (const { type, id, resolve } of asked) resolve(found.get(JSON.stringify([type, id])) ?? [])
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
