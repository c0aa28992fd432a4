import { OptimisticConcurrencyUnexpectedVersionError } from '@boostercloud/framework-types'
import type { BoosterConfig, ReadModelInterface, ReadModelListResult, SequenceKey } from '@boostercloud/framework-types'
import type { Database, SqlRow, SqlStatement } from '../database/database'
import type { Batch, WrittenReadModel } from '../dispatch/batch'
import { currentDispatch, currentWork } from '../dispatch/contexts'
import { noted } from '../events/events'
import { sql } from '../sql'
import type { Revival } from '../values/revival'
import { storedText } from '../values/text'
import { GatheredReads } from './gathered-reads'
import { pageOf, searchReadModels } from './search'
import type { Search } from './search'
import { selected } from './select'
import { VersionConflict, deleteReadModel, storeReadModel } from './write'
import type { ReadModelKey } from './write'

/** What Booster stores and reads of read models. In a dispatch, what is written waits for the end of it. */
export class ReadModels {
  private readonly gathered: GatheredReads

  public constructor(
    private readonly database: Database,
    private readonly revival: Revival,
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
      if (value) found.set(key.sequence, storedText(value))
      else found.delete(key.sequence)
    }
    return [...found]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, value]) => this.revival.readModel(type, JSON.parse(value) as ReadModelInterface))
  }

  private async rows(type: string, id: string, sequence: string | undefined): Promise<SqlRow[]> {
    const ofId = 'SELECT sequence, value FROM read_models WHERE type = ?1 AND id = ?2'
    return this.database.query(
      sequence === undefined
        ? sql(`${ofId} ORDER BY sequence`, type, id)
        : sql(`${ofId} AND sequence = ?3`, type, id, sequence)
    )
  }

  /** Only the fields that are selected, where some are. */
  public async search(
    config: BoosterConfig,
    search: Search,
    isPaginated: boolean
  ): Promise<ReadModelInterface[] | ReadModelListResult<ReadModelInterface>> {
    if (isLookUpWithoutKey(config, search)) return []
    const stored = await noted(searchReadModels(this.database, search))
    const found = stored.map((each) => this.revival.readModel(search.type, each))
    const { select = [] } = search
    const items = select.length > 0 ? found.map((each) => selected(each, select) as ReadModelInterface) : found
    return isPaginated ? pageOf(items, search) : items
  }

  /** Rejects with `OptimisticConcurrencyUnexpectedVersionError` where another version than the expected one is stored. */
  public async store(config: BoosterConfig, type: string, value: ReadModelInterface, expected?: number): Promise<void> {
    const key = keyOf(config, type, value)
    const current = currentWork()
    if (current) {
      if (key.sequence !== '') await this.requireVersion(current.batch, key, expected)
      return current.batch.store(key, value, expected)
    }
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

  /** Booster looks for the row of a sequence key when it is told that it meant another one; so it is told at once. */
  private async requireVersion(batch: Batch, key: ReadModelKey, expected: number | undefined): Promise<void> {
    if (expected === undefined || batch.readModel(key)) return
    const rows = await noted(this.gathered.rows(key.type, key.id))
    const row = rows.find(({ sequence }) => sequence === key.sequence)
    const { boosterMetadata } = (row ? JSON.parse(String(row.value)) : {}) as Partial<ReadModelInterface>
    const version = boosterMetadata?.version ?? 0
    if (version === expected) return
    throw new OptimisticConcurrencyUnexpectedVersionError(new VersionConflict(key, expected).message)
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

/**
 * Whether Booster projects a sequenced read model and asks for its rows without their key, as it does from 2.14 on. Any row that it were given it
 * would take for the one that it makes; given none, it finds that one by its key.
 */
function isLookUpWithoutKey(config: BoosterConfig, { type, filters }: Search): boolean {
  if (!currentDispatch()?.projects || !(type in config.readModelSequenceKeys)) return false
  const fields = Object.entries((filters ?? {}) as Readonly<Record<string, unknown>>)
  return fields.length === 1 && fields[0][0] === 'id'
}

function keyOf(config: BoosterConfig, type: string, value: ReadModelInterface): ReadModelKey {
  const name = config.readModelSequenceKeys[type]
  const sequence = name === undefined ? undefined : value[name]
  return { type, id: String(value.id), sequence: sequence === undefined || sequence === null ? '' : String(sequence) }
}
