import { join } from 'node:path'
import { UUID } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { newEventId } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import { Declarations, topologyOf } from '../../src/declare'
import type { OwnHandlingOptions } from '../../src/declare'
import { activeTrace } from '../../src/observe'
import type { ObserveOptions } from '../../src/observe'
import type { StoredEvent } from '../../src/publish'
import { Streaming } from '../../src/runtime'
import { eventually } from './eventually'
import { TestEffects } from './receiving'
import type { Note, TestHandler } from './receiving'

class Noted {
  public readonly key: UUID = UUID.generate()

  public entityID(): UUID {
    return this.key
  }
}

/** What a test says of a service. */
export interface OneServiceOptions {
  readonly folder: string
  readonly name: string
  /** Publishes `Noted` to log/notes, or to these addresses. */
  readonly publishes?: boolean | readonly string[]
  /** Handles what is at log/notes. */
  readonly handler?: TestHandler
  readonly handling?: OwnHandlingOptions
  readonly observe?: ObserveOptions
  readonly connector?: StreamerConnector
  /** Its event store, by id. Default: an empty one. */
  readonly stored?: Map<string, StoredEvent>
}

/** A service without Booster on a local streamer, whose event store is a map. */
export class OneService {
  public readonly said: { level: string; words: unknown[] }[] = []
  public readonly streaming: Streaming
  private readonly store: Map<string, StoredEvent>

  public constructor(private readonly options: OneServiceOptions) {
    const { folder, name, handler = () => [] } = options
    this.store = options.stored ?? new Map<string, StoredEvent>()
    const log = options.connector ?? LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
    const streamingOptions = { state: join(folder, `state-${name}`), drainMs: 5_000, observe: options.observe }
    const topology = topologyOf(this.declarations(), { log }, streamingOptions)
    this.streaming = new Streaming(topology, streamingOptions, {
      appName: name,
      environment: 'test',
      log: this.logger(),
      events: { find: async (marks) => this.find(marks.map(({ id }) => id)) },
      timersWith: () => [],
      effectsWith: () => new TestEffects(handler),
    })
  }

  /** Stores an event, as a command of this service that runs now would have it stored. */
  public async note(note: Note, context: StoredEvent['context'] = activeTrace()): Promise<void> {
    const event: StoredEvent = {
      id: newEventId(),
      typeName: 'Noted',
      version: 1,
      entityTypeName: 'Note',
      entityId: note.key ?? 'none',
      key: note.key,
      value: note as unknown as StoredEvent['value'],
      context,
    }
    await this.streaming.store([event], async () => {
      this.store.set(event.id, event)
    })
  }

  /** Where health and metrics are, as the log says. */
  public async url(): Promise<string> {
    const find = (): string | undefined =>
      this.said.map(({ words }) => /(http:\S+)\/health/.exec(String(words[0]))?.[1]).find(Boolean)
    await eventually(
      () => find() !== undefined,
      () => this.said
    )
    return find() ?? ''
  }

  private declarations(): Declarations {
    const declarations = new Declarations()
    const { publishes, handler, handling = {} } = this.options
    if (publishes) {
      const streamTo = publishes === true ? ['log/notes'] : publishes
      declarations.events.push({ eventClass: Noted, streamTo, requires: {}, at: 'class Noted' })
    }
    const handlerClass = { name: 'Handler', handle: async () => undefined }
    if (handler) {
      declarations.handlers.push({ handlerClass, streamedFrom: ['log/notes'], options: handling, at: 'class Handler' })
    }
    return declarations
  }

  private find(ids: readonly string[]): Map<string, StoredEvent> {
    return new Map([...this.store].filter(([id]) => ids.includes(id)))
  }

  private logger(): StreamerLogger {
    const at =
      (level: string) =>
      (...words: unknown[]) =>
        void this.said.push({ level, words })
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }
}

/** Runs a test with services, which are drained after it. */
export async function withServices(services: readonly OneService[], test: () => Promise<void>): Promise<void> {
  try {
    await test()
  } finally {
    for (const { streaming } of services) await streaming.drain()
  }
}
