import { OptimisticConcurrencyUnexpectedVersionError } from '@boostercloud/framework-types'
import type { ReadModelInterface } from '@boostercloud/framework-types'
import type { ReadModelKey } from '../read-models/write'
import { entityKey } from '../events/append'
import { EntityWork } from './entity-work'
import type { WaitingEntity } from './entity-work'

/** A read model as a batch leaves it. */
export interface WrittenReadModel {
  readonly key: ReadModelKey
  /** Undefined: deleted. */
  readonly value: ReadModelInterface | undefined
  /** The version that it had when the batch first wrote it; undefined: it does not matter. */
  readonly expected: number | undefined
}

/** Entities whose events are dispatched together, and what that has written so far; nothing of it is in the database. */
export class Batch {
  public readonly works: ReadonlyMap<string, EntityWork>
  /** By type and id, and by sequence. */
  private readonly readModels = new Map<string, Map<string, WrittenReadModel>>()

  /** `runsHandlers`: false where their effects are kept already and only the read models are made anew. */
  public constructor(
    entities: readonly WaitingEntity[],
    public readonly runsHandlers: boolean
  ) {
    this.works = new Map(
      entities.map((entity): [string, EntityWork] => [entityKey(entity.type, entity.id), new EntityWork(entity)])
    )
  }

  public get written(): readonly WrittenReadModel[] {
    return [...this.readModels.values()].flatMap((rows) => [...rows.values()])
  }

  /** What the batch has written of a read model; undefined: nothing. */
  public readModel(key: ReadModelKey): WrittenReadModel | undefined {
    return this.readModels.get(entityKey(key.type, key.id))?.get(key.sequence)
  }

  /** All rows of a read model that the batch has written. */
  public rowsOf(type: string, id: string): WrittenReadModel[] {
    return [...(this.readModels.get(entityKey(type, id))?.values() ?? [])]
  }

  /** Throws Booster's error where the batch itself has written another version. */
  public store(key: ReadModelKey, value: ReadModelInterface, expected: number | undefined): void {
    const before = this.readModel(key)
    const version = before?.value?.boosterMetadata?.version ?? 0
    if (before && expected !== undefined && expected !== version) {
      throw new OptimisticConcurrencyUnexpectedVersionError(
        `The read model ${key.type} ${key.id} has the version ${version}, not ${expected}.`
      )
    }
    this.write({ key, value, expected: before ? before.expected : expected })
  }

  public delete(key: ReadModelKey): void {
    this.write({ key, value: undefined, expected: undefined })
  }

  private write(written: WrittenReadModel): void {
    const { type, id, sequence } = written.key
    const key = entityKey(type, id)
    const rows = this.readModels.get(key)
    if (rows) rows.set(sequence, written)
    else this.readModels.set(key, new Map([[sequence, written]]))
  }
}
