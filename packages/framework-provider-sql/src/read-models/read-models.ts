import { OptimisticConcurrencyUnexpectedVersionError } from '@boostercloud/framework-types'
import type { BoosterConfig, ReadModelInterface, ReadModelListResult, SequenceKey } from '@boostercloud/framework-types'
import type { Database, SqlRow, SqlStatement } from '../database/database'
import type { WrittenReadModel } from '../dispatch/batch'
import { currentWork } from '../dispatch/contexts'
import { noted } from '../events/events'
import { sql } from '../sql'
import { GatheredReads } from './gathered-reads'
import { pageOf, searchReadModels } from './search'
import type { Search } from './search'
import { VersionConflict, deleteReadModel, storeReadModel } from './write'
import type { ReadModelKey } from './write'

/** What Booster stores and reads of read models. In a dispatch, what is written waits for the end of it. */
export class ReadModels {
  private readonly gathered: GatheredReads

  public constructor(
    private readonly database: Database,
    private readonly changed: (written: readonly WrittenReadModel[]) => Promise<void>
  ) {
    this.gathered = new GatheredReads(database)
  }

  /** The rows of an id, in the order of their sequence; with a sequence key, the one of it. */
  public async fetch(type: string, id: string, sequenceKey?: SequenceKey): Promise<ReadModelInterface[]> {
    const sequence = sequenceKey && String(sequenceKey.value)
    const isWanted = (each: unknown): boolean => sequence === undefined || each === sequence
    const current = currentWork()
    const own = (current?.batch.rowsOf(type, id) ?? []).filter(({ key }) => isWanted(key.sequence))
    const rows = await (current ? noted(this.gathered.rows(type, id)) : this.rows(type, id, sequence))
    const wanted = rows.filter((row) => isWanted(row.sequence))
    const found = new Map(wanted.map((row) => [String(row.sequence), String(row.value)]))
    for (const { key, value } of own) {
      if (value) found.set(key.sequence, JSON.stringify(value))
      else found.delete(key.sequence)
    }
    return [...found]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, value]) => JSON.parse(value) as ReadModelInterface)
  }

  private async rows(type: string, id: string, sequence: string | undefined): Promise<SqlRow[]> {
    const ofId = 'SELECT sequence, value FROM read_models WHERE type = ?1 AND id = ?2'
    return this.database.query(
      sequence === undefined
        ? sql(`${ofId} ORDER BY sequence`, type, id)
        : sql(`${ofId} AND sequence = ?3`, type, id, sequence)
    )
  }

  public async search(
    search: Search,
    isPaginated: boolean
  ): Promise<ReadModelInterface[] | ReadModelListResult<ReadModelInterface>> {
    const items = await noted(searchReadModels(this.database, search))
    return isPaginated ? pageOf(items, search) : items
  }

  /** Rejects with `OptimisticConcurrencyUnexpectedVersionError` where another version than the expected one is stored. */
  public async store(config: BoosterConfig, type: string, value: ReadModelInterface, expected?: number): Promise<void> {
    const key = keyOf(config, type, value)
    const current = currentWork()
    if (current) return current.batch.store(key, value, expected)
    await this.write(storeReadModel(this.database, key, value, expected))
    await this.changed([{ key, value, expected }])
  }

  public async delete(config: BoosterConfig, type: string, value: ReadModelInterface | undefined): Promise<void> {
    if (!value) return
    const key = keyOf(config, type, value)
    const current = currentWork()
    if (current) current.batch.delete(key)
    else await this.write(deleteReadModel(key))
  }

  private async write(statement: SqlStatement): Promise<void> {
    try {
      await this.database.transaction([statement])
    } catch (error) {
      if (error instanceof VersionConflict) throw new OptimisticConcurrencyUnexpectedVersionError(error.message)
      throw error
    }
  }
}

function keyOf(config: BoosterConfig, type: string, value: ReadModelInterface): ReadModelKey {
  const name = config.readModelSequenceKeys[type]
  const sequence = name === undefined ? undefined : value[name]
  return { type, id: String(value.id), sequence: sequence === undefined || sequence === null ? '' : String(sequence) }
}
