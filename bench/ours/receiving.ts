import { Receiver, InFlight, RunGate } from '@boostercloud/streamers/runtime'
import { openEmbeddedState } from '@boostercloud/streamers/state'
import type { Declaring, StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'
import type { Effects, Link } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import type { Consumer, Handle } from '../measure/contender'
import { DEFAULTS } from './defaults'
import type { Received } from '../measure/workload'

const RETRY = { attempts: 8, firstDelayMs: 200, factor: 3, maxDelayMs: 60_000, jitter: 0.2 }

const quiet = (): void => undefined
/** A log that nobody reads. */
export const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const observe = { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet, received: quiet }

/** What can be received from. */
export type Polled = StreamerConnectorPollingInterface & Declaring

/** What is received, by what, and how. */
export interface Receiving {
  readonly connector: Polled
  readonly topic: string
  readonly handle: Handle
  /** Whether the handler takes many at once, as `handleBatch`. */
  readonly batches: boolean
}

/** The whole of the receiving side without Booster: inbox, park and positions on SQLite, handlers by key. */
export async function receive(receiving: Receiving, folder: string): Promise<Consumer> {
  const state = await openEmbeddedState(folder)
  const receiver = await receiveInto(state, receiving)
  return {
    close: async () => {
      await receiver.close()
      await state.close()
    },
  }
}

/** The same with any state. */
export async function receiveInto(
  state: StateStore,
  { connector, topic, handle, batches }: Receiving
): Promise<Consumer> {
  const receiver = new Receiver({
    ...DEFAULTS,
    address: `bench/${topic}`,
    connector,
    capabilities: connector.capabilities,
    links: [link(topic, batches)],
    state,
    effects: effectsOf(handle),
    log,
    observe,
    inFlight: new InFlight(),
    gate: new RunGate(),
    owner: 'bench',
  })
  await receiver.start()
  return { close: () => receiver.stop() }
}

function link(topic: string, batches: boolean): Link {
  return {
    address: `bench/${topic}`,
    handler: 'Handler',
    retry: RETRY,
    afterDeadLetter: 'hold',
    holdLimit: 10_000,
    newerVersionLimitMs: 604_800_000,
    maxStarts: 5,
    batchSize: batches ? DEFAULTS.batchSize : undefined,
  }
}

/** Handlers that register nothing. */
function effectsOf(handle: Handle): Effects {
  return {
    run: async (_, { eventPayload }) => {
      await handle(eventPayload as Received)
      return undefined
    },
    runBatch: async (_, events) => {
      await handle(...events.map(({ eventPayload }) => eventPayload as Received))
      return undefined
    },
    resume: () => Promise.reject(new Error('No handler registers anything here.')),
  }
}
