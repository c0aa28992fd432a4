import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { ExternalEvent, StreamerConnector } from '@boostercloud/streamer-connector'
import { withMetadata } from '@boostercloud/streamer-connector'
import { InFlight, Receiver, RunGate } from '../../src/receive'
import type { Effects, Link, Outcome } from '../../src/receive'
import type { ReceiverOptions } from '../../src/receive'
import { openEmbeddedState, pack, unpack } from '../../src/state'
import type { StateStore } from '../../src/state'
import { inTempFolder } from './temp-folder'

/** An event as the tests publish it. */
export interface Note {
  readonly key?: string
  readonly n: number
}

/** What a test's handler does: registers what it returns, or throws. */
export type TestHandler = (
  note: Note,
  link: Link,
  event: ExternalEvent
) => Promise<readonly string[]> | readonly string[]

/** Handlers without Booster, and an event store that is a list; what was stored under an id is not stored again by `resume`. */
export class TestEffects implements Effects {
  public readonly stored: { id: string; text: string }[] = []
  /** How many events each batch had. */
  public readonly batches: number[] = []
  /** Thrown by the next stores. */
  public storeFailures: Error[] = []

  public constructor(public handler: TestHandler) {}

  public async run(link: Link, event: ExternalEvent): Promise<Outcome | undefined> {
    const registered = await this.handler(event.eventPayload as Note, link, event)
    if (registered.length === 0) return undefined
    return this.outcome(
      registered.map((text, index) => ({ id: `${link.handler}:${event.metadata?.id}:${index}`, text }))
    )
  }

  public async runBatch(link: Link, events: readonly ExternalEvent[]): Promise<Outcome | undefined> {
    this.batches.push(events.length)
    const registered: string[] = []
    for (const event of events) registered.push(...(await this.handler(event.eventPayload as Note, link, event)))
    if (registered.length === 0) return undefined
    return this.outcome(registered.map((text) => ({ id: `${link.handler}:${text}`, text })))
  }

  public async resume(packed: Uint8Array): Promise<Outcome> {
    const all = unpack(packed) as { id: string; text: string }[]
    return this.outcome(all.filter(({ id }) => !this.stored.some((event) => event.id === id)))
  }

  private outcome(events: { id: string; text: string }[]): Outcome {
    return {
      packed: pack(events),
      marks: [],
      store: async () => {
        for (const event of events) {
          const failure = this.storeFailures.shift()
          if (failure) throw failure
          this.stored.push(event)
        }
      },
    }
  }
}

/** A service's receiving side on a real log and a real state, without Booster. */
export class Receiving {
  private readonly started: Receiver[] = []
  private readonly connectors: LocalStreamer[] = []
  private states: StateStore[] = []

  public constructor(private readonly folder: string) {}

  /** A link with short delays. */
  public link(own: Partial<Link> = {}): Link {
    return {
      address: 'log/notes',
      handler: 'Handler',
      retry: { attempts: 3, firstDelayMs: 5, factor: 2, maxDelayMs: 20, jitter: 0 },
      afterDeadLetter: 'hold',
      holdLimit: 1_000,
      newerVersionLimitMs: 3_600_000,
      maxStarts: 5,
      ...own,
    }
  }

  public async publish(notes: readonly Note[], type?: string): Promise<void> {
    const events = notes.map((note) =>
      withMetadata(
        { ...note, entityID: undefined as never },
        { id: `${note.key}-${note.n}`, type, key: note.key, source: 'test' }
      )
    )
    await this.connector().publish(events as unknown as Parameters<StreamerConnector['publish']>[0], 'notes')
  }

  public connector(): LocalStreamer {
    const connector = LocalStreamer.with({ path: join(this.folder, 'log'), pollWaitMs: 100 })
    this.connectors.push(connector)
    return connector
  }

  public async state(): Promise<StateStore> {
    const state = await openEmbeddedState(join(this.folder, 'state'))
    this.states.push(state)
    return state
  }

  /** Starts a receiver, with what a test wants otherwise. */
  public async receive(own: Pick<ReceiverOptions, 'effects'> & Partial<ReceiverOptions>): Promise<Receiver> {
    const connector = this.connector()
    const quiet = (): void => undefined
    const receiver = new Receiver({
      address: 'log/notes',
      connector,
      capabilities: connector.capabilities,
      links: [this.link()],
      state: own.state ?? (await this.state()),
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      observe: { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet, received: quiet },
      inFlight: new InFlight(),
      gate: new RunGate(),
      owner: 'test',
      claimMs: 30_000,
      concurrency: 8,
      maxUnsettled: 100,
      ...own,
    })
    this.started.push(receiver)
    await receiver.start()
    return receiver
  }

  public async close(): Promise<void> {
    await Promise.all(this.started.map((receiver) => receiver.stop()))
    await Promise.all(this.connectors.map((connector) => connector.close()))
    await Promise.all(this.states.map((state) => state.close()))
  }
}

/** Runs a test with a receiving side of its own. */
export async function receiving(test: (side: Receiving) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const side = new Receiving(folder)
    try {
      await test(side)
    } finally {
      await side.close()
    }
  })
}
