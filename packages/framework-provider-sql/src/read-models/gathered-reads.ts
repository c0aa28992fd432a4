import type { Database, SqlRow } from '../database/database'
import { entityKey, entityOf } from '../events/append'
import { groupedBy, keysOf, sql } from '../sql'

/** One who asks for the rows of a read model. */
interface Asking {
  readonly resolve: (rows: SqlRow[]) => void
  readonly reject: (error: unknown) => void
}

/** Reads of one turn of the event loop share a query: a batch of projections asks for its read models at once. */
export class GatheredReads {
  private asking = new Map<string, Asking[]>()

  public constructor(private readonly database: Database) {}

  /** The rows of a read model, in the order of their sequence. */
  public rows(type: string, id: string): Promise<SqlRow[]> {
    return new Promise((resolve, reject) => {
      if (this.asking.size === 0) setImmediate(() => void this.ask())
      const key = entityKey(type, id)
      const others = this.asking.get(key)
      if (others) others.push({ resolve, reject })
      else this.asking.set(key, [{ resolve, reject }])
    })
  }

  private async ask(): Promise<void> {
    const { asking } = this
    this.asking = new Map()
    try {
      const rows = await this.database.query(
        sql(
          `SELECT type, id, sequence, value FROM ${this.database.dialect.keys} AS wanted
           JOIN read_models ON type = a AND id = b ORDER BY sequence`,
          keysOf([...asking.keys()].map(entityOf))
        )
      )
      const found = groupedBy(rows, ({ type, id }) => entityKey(String(type), id))
      for (const [key, all] of asking) for (const { resolve } of all) resolve(found.get(key) ?? [])
    } catch (error) {
      for (const { reject } of [...asking.values()].flat()) reject(error)
    }
  }
}
