import { join } from 'node:path'
import { UUID } from '@boostercloud/framework-types'
import { newEventId, withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import { Declarations, topologyOf } from '../../packages/streamers/src/declare'
import type { HandlingOptions } from '../../packages/streamers/src/declare'
import { Streaming } from '../../packages/streamers/src/runtime'
import type { StreamingOptions } from '../../packages/streamers/src/declare'
import type { StoredEvent } from '../../packages/streamers/src/publish'
import { TestEffects } from '../../packages/streamers/test/support/receiving'

/** What is logged above the debug level. */
export class Lines implements StreamerLogger {
  public readonly lines: { readonly message: string; readonly details: readonly unknown[] }[] = []
  public debugged = 0
  public readonly info = (message: string, ...details: unknown[]): void => void this.lines.push({ message, details })
  public readonly warn = this.info
  public readonly error = this.info
  public readonly debug = (): void => void (this.debugged += 1)

  public get messages(): string[] {
    return this.lines.map(({ message }) => message)
  }

  public get text(): string {
    return this.messages.join('\n')
  }
}

class PostCreated {
  public readonly id: UUID = UUID.generate()

  public entityID(): UUID {
    return this.id
  }
}

/** What a test says of a service. */
export interface LoggedServiceOptions {
  readonly connector: StreamerConnector
  /** Has its state, unless `state` says otherwise. */
  readonly folder: string
  readonly state?: StreamingOptions['state']
  readonly log: StreamerLogger
  /** What its handlers do. */
  readonly run?: () => unknown[]
  readonly handling?: HandlingOptions
}

/** A service without Booster, with a handler of each of the topics `posts` and `users`, that publishes to `posts`. */
export class LoggedService {
  private readonly streaming: Streaming
  private readonly stored = new Map<string, StoredEvent>()

  public constructor({ connector, folder, state, log, run = () => [], handling }: LoggedServiceOptions) {
    const declarations = new Declarations()
    for (const topic of ['posts', 'users']) {
      const handlerClass = { name: `Reads_${topic}`, handle: async () => undefined }
      declarations.handlers.push({ handlerClass, streamedFrom: [`main/${topic}`], options: {}, at: handlerClass.name })
    }
    declarations.events.push({ eventClass: PostCreated, streamTo: ['main/posts'], requires: {}, at: 'PostCreated' })
    const options = { state: state ?? join(folder, 'state'), drainMs: 3_000, receiving: handling }
    this.streaming = new Streaming(topologyOf(declarations, { main: connector }, options), options, {
      appName: 'lines',
      environment: 'test',
      log,
      events: { find: async () => this.stored },
      timersWith: () => [],
      effectsWith: () => new TestEffects(run as never),
    })
  }

  public start(): Promise<void> {
    return this.streaming.start()
  }

  /** As a command that registers an event does. */
  public async store(key = 'k'): Promise<void> {
    const id = newEventId()
    const event: StoredEvent = {
      id,
      typeName: 'PostCreated',
      version: 1,
      entityTypeName: 'Post',
      entityId: key,
      key,
      value: { id: key } as unknown as StoredEvent['value'],
      context: {},
    }
    await this.streaming.store([event], async () => void this.stored.set(id, event))
  }

  public drain(): Promise<void> {
    return this.streaming.drain()
  }
}

/** Publishes as another service does. */
export async function publishPosts(connector: StreamerConnector, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => withMetadata({ n }, { id: `e${n}`, key: 'k', source: 's' }))
  await connector.publish(events as unknown as Parameters<StreamerConnector['publish']>[0], 'posts')
}
