import { getLogger } from '@boostercloud/framework-common-helpers'
import type { BoosterConfig, EventEnvelope, NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { boundPatterns, keepLoggers, observeDispatches } from './compatibility'
import type { Database } from './database/database'
import { openDatabase } from './database/open'
import { Claims } from './dispatch/claims'
import { Committer } from './dispatch/committer'
import { outside } from './dispatch/contexts'
import { Dispatcher } from './dispatch/dispatcher'
import { RawEvents } from './dispatch/raw-events'
import { Events } from './events/events'
import { Connections } from './live/connections'
import { Messages } from './live/messages'
import type { Send } from './live/messages'
import { Notifier } from './live/notifier'
import { requireWholeImport } from './operate/import-store'
import { optionsOf } from './options'
import { ReadModels } from './read-models/read-models'
import { CarriedState } from './state'
import { userApp } from './user-app'
import { Revival } from './values/revival'

/** An app's database, opened, with all that works on it in this process. */
export class Store {
  public readonly events: Events
  public readonly readModels: ReadModels
  public readonly connections: Connections
  public readonly messages: Messages
  public readonly state: CarriedState
  private readonly dispatcher: Dispatcher
  private claiming?: Promise<void>
  private isRunning = false

  private constructor(
    public readonly database: Database,
    config: BoosterConfig,
    private readonly log: StreamerLogger,
    sendHere: Send
  ) {
    const { dispatch, onHandlerError } = optionsOf(config)
    const owner = `${hostname()}:${process.pid}:${randomUUID()}`
    const revival = new Revival(config)
    this.connections = new Connections(database)
    this.messages = new Messages(database, sendHere, log)
    const notifier = new Notifier(
      config,
      this.connections,
      (readModels) => userApp().boosterNotifySubscribers(readModels),
      log
    )
    this.dispatcher = new Dispatcher({
      claims: new Claims(database, owner, revival),
      committer: new Committer(database, { onHandlerError, owner }),
      run: (events) => userApp().boosterEventDispatcher(new RawEvents(events)),
      changed: (written) => notifier.changed(written),
      log,
    })
    this.events = new Events(database, this.dispatcher, dispatch === 'awaited', revival)
    this.readModels = new ReadModels(database, revival, (written) => notifier.told(written))
    this.state = new CarriedState(database)
  }

  /** Opens or makes the database of an app, and brings its schema up to date. Rejects with `OPTION_INVALID` or a `STORAGE_…` error. */
  public static async open(config: BoosterConfig, sendHere: Send): Promise<Store> {
    observeDispatches()
    keepLoggers()
    boundPatterns()
    const { appName, environmentName } = config
    const database = await openDatabase(optionsOf(config), { appName, environment: environmentName })
    return new Store(database, config, getLogger(config, 'sql-provider'), sendHere)
  }

  /** Stores events, and sees to it that they are dispatched. */
  public store(envelopes: readonly NonPersistedEventEnvelope[]): Promise<EventEnvelope[]> {
    if (this.isRunning) return this.events.store(envelopes)
    return this.dispatchIfFree().then(() => this.events.store(envelopes))
  }

  /** Runs as a service. Rejects with `STORAGE_BUSY` where another process has the database to itself. */
  public async run(): Promise<void> {
    this.claiming ??= outside(() => this.start())
    try {
      await this.claiming
    } catch (error) {
      this.claiming = undefined
      throw error
    }
  }

  /** Ends what is under way, and closes the database. */
  public async close(): Promise<void> {
    await this.dispatcher.stop()
    await this.database.close()
  }

  /** Dispatches what is stored, from now on, where no other process has the database to itself. Never rejects. */
  private async dispatchIfFree(): Promise<void> {
    await this.run().catch((error: unknown) => {
      if (!isStreamerError(error, 'STORAGE_BUSY')) this.log.error('Stored events are not dispatched.', error)
    })
  }

  private async start(): Promise<void> {
    await this.database.claim()
    await requireWholeImport(this.database)
    await this.connections.clean()
    await this.messages.listen()
    this.dispatcher.start()
    this.isRunning = true
  }
}
