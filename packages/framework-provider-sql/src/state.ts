import { SqlStateStore } from '@boostercloud/streamers/state'
import type { StateChange } from '@boostercloud/streamers/state'
import type { Database } from './database/database'
import { Carried, carriedAround, carrying, currentWork } from './dispatch/contexts'

/** The streaming state in the database of the events: what belongs together is written together. */
export class CarriedState extends SqlStateStore {
  public constructor(database: Database) {
    super(database)
  }

  public async carry<T>(
    changes: readonly StateChange[],
    store: () => Promise<T>,
    committed: (result: T) => void
  ): Promise<T> {
    const results: T[] = []
    let isDurable = false
    const tell = (): void => {
      if (isDurable) results.forEach((result) => committed(result))
    }
    const commitTold = (): void => {
      isDurable = true
      tell()
    }
    const carried = new Carried(changes, commitTold, carriedAround())
    const result = await carrying(carried, store).catch((error: unknown) => {
      carried.withdraw()
      throw error
    })
    results.push(result)
    if (!carried.isTaken) {
      carried.withdraw()
      const current = changes.length > 0 ? currentWork() : undefined
      if (current) {
        // What a handler of a dispatch changes is written with the dispatch, also where it stores nothing.
        current.work.register([], { changes, committed: commitTold })
      } else {
        await this.commit(changes)
        isDurable = true
      }
    }
    tell()
    return result
  }

  /** The database is the provider's. */
  public override async close(): Promise<void> {
    return Promise.resolve()
  }
}
