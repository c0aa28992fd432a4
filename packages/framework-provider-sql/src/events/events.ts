import type {
  EntitySnapshotEnvelope,
  EventEnvelope,
  NonPersistedEntitySnapshotEnvelope,
  NonPersistedEventEnvelope,
} from '@boostercloud/framework-types'
import { stateStatements } from '@boostercloud/streamers/state'
import type { Database } from '../database/database'
import { currentCarried, currentDispatch, currentWork } from '../dispatch/contexts'
import type { Dispatcher } from '../dispatch/dispatcher'
import { sql } from '../sql'
import type { Revival } from '../values/revival'
import { append, entityKey } from './append'
import { Deletions } from './deletions'
import { EventReader, keepSnapshot } from './read'
import { microsOf } from './times'

/** What Booster stores and reads of events. In a dispatch, what is written waits for the end of it. */
export class Events {
  public readonly reader: EventReader
  public readonly deletions: Deletions

  public constructor(
    private readonly database: Database,
    private readonly dispatcher: Dispatcher,
    private readonly isAwaited: boolean,
    revival?: Revival
  ) {
    this.reader = new EventReader(database, revival)
    this.deletions = new Deletions(database)
  }

  /** Stores events, with the streaming marks that wait for them, in one transaction. */
  public async store(envelopes: readonly NonPersistedEventEnvelope[]): Promise<EventEnvelope[]> {
    if (envelopes.length === 0) return []
    const carried = currentCarried()
    const current = currentWork()
    if (current) return current.work.register(envelopes, carried)
    const appended = append(envelopes)
    const stored = appended.stored(
      await this.database.transaction([...appended.statements, ...stateStatements(carried.changes)])
    )
    carried.committed()
    if (this.isAwaited) await this.dispatcher.dispatched(stored)
    else this.dispatcher.wake()
    return stored
  }

  /** Events of an entity stored after a time, and those that the handler at work has registered. */
  public async since(type: string, id: string, since?: string): Promise<EventEnvelope[]> {
    const work = currentWork()?.work
    if (!work) return this.reader.since(type, id, since)
    const isOwn = work.key === entityKey(type, id)
    const loaded = isOwn ? work.loadedSince(since === undefined ? 0 : microsOf(since)) : undefined
    const stored = loaded ?? (await noted(this.reader.since(type, id, since)))
    const until = isOwn ? work.readUntil : undefined
    const read = until === undefined ? stored : stored.filter(({ createdAt }) => createdAt <= until)
    return [...read, ...work.registeredOf(type, id)]
  }

  public async snapshot(type: string, id: string): Promise<EntitySnapshotEnvelope | undefined> {
    const work = currentWork()?.work
    if (!work) return this.reader.snapshot(type, id)
    const key = entityKey(type, id)
    if (work.key === key) return work.ownSnapshot
    return work.snapshots.get(key) ?? noted(this.reader.snapshot(type, id))
  }

  public async storeSnapshot(given: NonPersistedEntitySnapshotEnvelope): Promise<EntitySnapshotEnvelope> {
    const snapshot = {
      ...given,
      createdAt: given.snapshottedEventCreatedAt,
      persistedAt: new Date().toISOString(),
    }
    const current = currentWork()
    if (current) current.work.keep(snapshot)
    else await this.database.transaction([keepSnapshot(snapshot)])
    return snapshot
  }

  /** Whether an event is dispatched for the first time: in a dispatch what is to be run is known; else each event is answered true once. */
  public async storeDispatched(event: EventEnvelope): Promise<boolean> {
    if (currentDispatch()) return true
    const { id, entityTypeName, entityID, typeName, createdAt } = event
    const key = id ?? JSON.stringify([entityTypeName, entityID, typeName, createdAt])
    const [rows] = await this.database.transaction([
      sql('INSERT INTO dispatched_events (id) VALUES (?1) ON CONFLICT (id) DO NOTHING RETURNING 1 AS first', key),
    ])
    return rows.length > 0
  }
}

/** Booster swallows what goes wrong when it reads for a projection; the dispatch is told, and comes again. */
export async function noted<T>(read: Promise<T>): Promise<T> {
  try {
    return await read
  } catch (error) {
    currentWork()?.work.fail(error)
    throw error
  }
}
