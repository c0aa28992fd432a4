import { StreamerError } from '@boostercloud/streamer-connector'
import type { EventEnvelope } from '@boostercloud/framework-types'
import { stateStatements } from '@boostercloud/streamers/state'
import type { Database, SqlStatement } from '../database/database'
import { append } from '../events/append'
import { keepSnapshot } from '../events/read'
import { deleteReadModel, storeReadModel } from '../read-models/write'
import { sql } from '../sql'
import type { Batch } from './batch'
import type { EntityWork } from './entity-work'

/** Another process has taken an entity over: nothing of the transaction was written. */
export class LeaseLost extends StreamerError {
  public constructor({ entity: { type, id } }: EntityWork) {
    super('CLAIM_LOST', `The dispatch of ${type} ${id} has passed to another process.`, {
      hint: 'No action is needed. The other process dispatches it.',
      retryable: true,
    })
  }
}

const FIRST_DELAY_MS = 100
/** Milliseconds until what has failed is tried again, at most. */
export const LONGEST_DELAY_MS = 60_000

/** Milliseconds until what has failed so often is tried again. */
export function retryDelay(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 20))
}

const ADVANCE = `
  UPDATE entities SET dispatched_at = ?3, due_at = ?4, attempts = 0, failure = NULL, leased_until = 0
  WHERE type = ?1 AND id = ?2`
const POSTPONE = `
  UPDATE entities SET attempts = attempts + 1, failure = ?3, due_at = ?4, leased_until = 0
  WHERE type = ?1 AND id = ?2`

/** How what failed is treated. */
export interface CommitRules {
  readonly onHandlerError: 'retry' | 'log'
  /** This run of this process. */
  readonly owner: string
}

/** Writes what came of a batch, all in one transaction. */
export class Committer {
  public constructor(
    private readonly database: Database,
    private readonly rules: CommitRules
  ) {}

  /** Whether the events of an entity are dispatched when its work is written. */
  public isDone({ failure }: EntityWork): boolean {
    return failure === undefined || this.rules.onHandlerError === 'log'
  }

  /** Answers what was registered, as it is stored. Rejects with `VersionConflict` or `LeaseLost`, and with `STORAGE_…` errors. */
  public async write(batch: Batch, now: number = Date.now()): Promise<Map<EntityWork, EventEnvelope[]>> {
    const works = [...batch.works.values()].sort((one, other) => (one.key < other.key ? -1 : 1))
    for (const work of works) work.close()
    const registered = works.filter((work) => this.isDone(work)).flatMap((work) => work.registered)
    const appended = append(
      registered.flatMap(({ envelopes }) => envelopes),
      now
    )
    const rows = await this.database.transaction([
      ...appended.statements,
      ...works.map((work) => (this.isDone(work) ? this.advance(work, now) : this.postpone(work, now))),
      ...works.flatMap(({ snapshots }) => [...snapshots.values()].map(keepSnapshot)),
      ...batch.written.map(({ key, value, expected }) =>
        value ? storeReadModel(this.database, key, value, expected) : deleteReadModel(key)
      ),
      ...stateStatements(registered.flatMap(({ changes }) => changes)),
    ])
    const stored = appended.stored(rows)
    registered
      .flatMap(({ answered }) => answered)
      .forEach((envelope, index) => Object.assign(envelope, { createdAt: stored[index].createdAt }))
    for (const { committed } of registered) committed()
    return new Map(works.map((work) => [work, work.registered.flatMap(({ answered }) => [...answered])]))
  }

  private advance(work: EntityWork, now: number): SqlStatement {
    return this.held(work, ADVANCE, work.until, now)
  }

  private postpone(work: EntityWork, now: number): SqlStatement {
    return this.held(work, POSTPONE, describe(work.failure?.error), now + retryDelay(work.entity.attempts + 1))
  }

  private held(work: EntityWork, update: string, ...values: (string | number)[]): SqlStatement {
    const { type, id } = work.entity
    if (!this.database.shared) return sql(update, type, id, ...values)
    return {
      ...sql(`${update} AND owner = ?5`, type, id, ...values, this.rules.owner),
      unchanged: () => new LeaseLost(work),
    }
  }
}

function describe(error: unknown): string {
  return (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 2_000)
}
