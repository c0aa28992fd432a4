import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerError, StreamerErrorCode } from '@boostercloud/streamer-connector'
import type { BoosterConfig, EventEnvelope } from '@boostercloud/framework-types'
import type { Database } from '../../src/database/database'
import { openDatabase } from '../../src/database/open'
import type { Dispatcher } from '../../src/dispatch/dispatcher'
import { Events } from '../../src/events/events'
import { optionsOf } from '../../src/options'
import type { SqlProviderOptions } from '../../src/options'
import { CarriedState } from '../../src/state'
import { event, marked } from './records'

const OWNER = { appName: 'shop', environment: 'test' }
const DISPATCHER = { wake: () => undefined } as unknown as Dispatcher

/** A database that is open, of which nothing is dispatched. */
export class Opened {
  private readonly state: CarriedState
  private readonly events: Events

  private constructor(public readonly database: Database) {
    this.state = new CarriedState(database)
    this.events = new Events(database, DISPATCHER, false)
  }

  public static async with(sqlProvider: SqlProviderOptions): Promise<Opened> {
    const config = { appName: OWNER.appName, environmentName: OWNER.environment, sqlProvider } as BoosterConfig
    return new Opened(await openDatabase(optionsOf(config, {}), OWNER))
  }

  /** Stores an event of a thing together with the mark that it is to be streamed. */
  public async store(id: string, text?: string): Promise<EventEnvelope[]> {
    return this.state.carry(
      [marked(id)],
      async () => this.events.store([event(id, text)]),
      () => undefined
    )
  }

  /** How many events a thing has, and how many marks there are of it. */
  public async halves(id: string): Promise<readonly [events: number, marks: number]> {
    const marks = await this.state.pendingMarks('broker/topic', { limit: 1_000 })
    return [(await this.events.since('Thing', id)).length, marks.filter((mark) => mark.id === id).length]
  }

  public async close(): Promise<void> {
    await this.database.close()
  }
}

/** The error that work is refused with; rejects where it is done, or refused with another. */
export async function refusal(work: Promise<unknown>, code: StreamerErrorCode): Promise<StreamerError> {
  const thrown = await work.then(
    () => new Error('It was not refused.'),
    (error: unknown) => error
  )
  if (!isStreamerError(thrown, code)) throw thrown
  return thrown
}
