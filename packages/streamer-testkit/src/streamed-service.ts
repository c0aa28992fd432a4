import { AssertionError, strict as assert } from 'node:assert'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { inspect } from 'node:util'
import {
  StreamerError,
  cloudEvents,
  metadataToPublish,
  parseAddress,
  receivedEvent,
} from '@boostercloud/streamer-connector'
import type { Codec, WireMessage } from '@boostercloud/streamer-connector'
import type * as Runtime from '@boostercloud/streamers/runtime'
import { recordedEvents } from './recorded'

/**
 * How a service is loaded for a test.
 * @public
 */
export interface LoadOptions {
  /** Booster's environment, whose streamers and options are used. Default `BOOSTER_ENV`, or else `local`. */
  readonly environment?: string
  /** What is between an event and its bytes. Default `cloudEvents`. */
  readonly codec?: Codec
}

/**
 * An event class, or its name.
 * @public
 */
export type EventName = string | { readonly name: string }

/**
 * A lake of recorded events, such as `Lake.with({ path })` of `@boostercloud/streamers-lake`.
 * @experimental
 */
export interface EventLake<F extends object> {
  /** The recorded events that a filter wants, in the order in which they were recorded. */
  read(filter?: F): AsyncIterable<{ readonly message: WireMessage }>
}

type BoosterConfig = Parameters<typeof Runtime.runStreamedHandlers>[0]

/**
 * A Booster service whose streamed handlers run in a test: with no broker, no store, and no other service. What it is given goes
 * through the codec, so a handler gets what the wire would bring; what its handlers register is asked for, and stored nowhere.
 *
 * One app a process: Booster keeps it in one place.
 * @public
 */
export class StreamedService {
  private registered: readonly Runtime.RegisteredEvent[] = []

  private constructor(
    private readonly config: BoosterConfig,
    private readonly runtime: typeof Runtime,
    private readonly codec: Codec
  ) {}

  /**
   * Loads the app of a folder, which is built (`dist/index.js`) and exports `Booster`, as Booster's template does. Nothing connects.
   * Rejects as the app does, with a `StreamerError` where what it declares cannot work.
   */
  public static async load(appFolder: string, options: LoadOptions = {}): Promise<StreamedService> {
    process.env.BOOSTER_ENV = options.environment ?? process.env.BOOSTER_ENV ?? 'local'
    const entry = join(resolve(appFolder), 'dist', 'index.js')
    const requireInApp = createRequire(entry)
    const { Booster } = requireInApp(entry) as { Booster?: { config: BoosterConfig } }
    if (!Booster?.config) {
      throw new StreamerError('OPTION_INVALID', 'The app does not export Booster.', {
        at: entry,
        hint: "Write export { Booster } from '@boostercloud/framework-core' in its src/index.ts.",
      })
    }
    const runtime = requireInApp('@boostercloud/streamers/runtime') as typeof Runtime
    return new StreamedService(Booster.config, runtime, options.codec ?? cloudEvents)
  }

  /**
   * Events arrive at an address, one after another. Resolves when every handler that they concern has run; rejects as the first handler
   * that fails, with the reason where an event can be given to nobody, and with `OPTION_INVALID` where no handler takes its class. The `then…` that follow
   * speak of what came of these.
   */
  public async given(address: string, ...events: readonly object[]): Promise<void> {
    const registered: Runtime.RegisteredEvent[] = []
    this.registered = registered
    const { streamerId, topic } = parseAddress(address)
    for (const [index, event] of events.entries()) {
      const wire = await this.codec.encode(event, metadataToPublish(event, 'given'), topic)
      const external = await receivedEvent(this.codec, wire, { streamerId, topic, eventId: String(index + 1) })
      registered.push(...(await this.runtime.runStreamedHandlers(this.config, address, external)))
    }
  }

  /** The events of a file arrive, as `boost-streamers tail ADDRESS --json` has written it; with their ids, types and times. */
  public async givenRecorded(address: string, file: string): Promise<void> {
    await this.given(address, ...recordedEvents(file))
  }

  /**
   * Events that a lake has recorded arrive at an address, as they were: with their bytes, ids, types and times. `filter`: which of them; default all of the address.
   * `filter.address` takes those of another one. Resolves and rejects as `given` does, and with `OPTION_INVALID` where the lake has no such event.
   * @experimental
   */
  public async givenLake<F extends object>(address: string, lake: EventLake<F>, filter?: F): Promise<void> {
    const registered: Runtime.RegisteredEvent[] = []
    this.registered = registered
    const { streamerId, topic } = parseAddress(address)
    let count = 0
    for await (const { message } of lake.read({ address, ...filter } as unknown as F)) {
      count += 1
      const external = await receivedEvent(this.codec, message, { streamerId, topic, eventId: String(count) })
      registered.push(...(await this.runtime.runStreamedHandlers(this.config, address, external)))
    }
    if (count === 0) throw nothingRecorded(address)
  }

  /** A handler has registered such an event, with these fields among its own. */
  public thenRegistered(event: EventName, fields: object = {}): void {
    this.find(event, fields, () => true, 'registered')
  }

  /** A handler has registered such an event, and it goes to that address. */
  public thenStreamed(address: string, event: EventName, fields: object = {}): void {
    this.find(event, fields, ({ streamedTo }) => streamedTo.includes(address), `streamed to '${address}'`)
  }

  /** No handler has registered anything. */
  public thenNothing(): void {
    if (this.registered.length > 0)
      throw new AssertionError({ message: `Expected nothing, but there is ${this.all()}` })
  }

  /** Everything that was registered, for what the above cannot say. */
  public get events(): readonly Runtime.RegisteredEvent[] {
    return this.registered
  }

  private find(
    event: EventName,
    fields: object,
    filter: (registered: Runtime.RegisteredEvent) => boolean,
    how: string
  ): void {
    const name = typeof event === 'string' ? event : event.name
    const found = this.registered.some((one) => one.typeName === name && filter(one) && hasFields(one.event, fields))
    if (found) return
    throw new AssertionError({
      message: `Expected ${name} ${inspect(fields)} to be ${how}, but there is ${this.all()}`,
    })
  }

  private all(): string {
    if (this.registered.length === 0) return 'nothing'
    return this.registered
      .map(
        ({ event, handler, streamedTo }) => `${inspect(event)} of ${handler} → ${streamedTo.join(', ') || 'nowhere'}`
      )
      .join('; ')
  }
}

function nothingRecorded(address: string): StreamerError {
  return new StreamerError('OPTION_INVALID', 'The lake has no event that the filter wants.', {
    at: address,
    hint: 'Events of another address are taken by filter.address. boost-streamers lake info names all addresses.',
  })
}

function hasFields(event: object, fields: object): boolean {
  return Object.entries(fields).every(([name, value]) => isEqual((event as Record<string, unknown>)[name], value))
}

function isEqual(actual: unknown, expected: unknown): boolean {
  try {
    assert.deepEqual(actual, expected)
    return true
  } catch (error) {
    if (error instanceof AssertionError) return false
    throw error
  }
}
