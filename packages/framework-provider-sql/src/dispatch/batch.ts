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
  private readonly readModels = new Map<string, WrittenReadModel>()

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
    return [...this.readModels.values()]
  }

  /** What the batch has written of a read model; undefined: nothing. */
  public readModel(key: ReadModelKey): WrittenReadModel | undefined {
    return this.readModels.get(keyOf(key))
  }

  /** All rows of a read model that the batch has written. */
  public rowsOf(type: string, id: string): WrittenReadModel[] {
    return this.written.filter(({ key }) => key.type === type && key.id === id)
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
    this.readModels.set(keyOf(key), { key, value, expected: before ? before.expected : expected })
  }

  public delete(key: ReadModelKey): void {
    this.readModels.set(keyOf(key), { key, value: undefined, expected: undefined })
  }
}

function keyOf({ type, id, sequence }: ReadModelKey): string {
  return JSON.stringify([type, id, sequence])
}
