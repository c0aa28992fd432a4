import { setTimeout as pause } from 'node:timers/promises'
import { PostgresState } from '@boostercloud/streamers-postgres'
import { Outbox, RecentEvents, Relay } from '@boostercloud/streamers/runtime'
import { openEmbeddedState } from '@boostercloud/streamers/state'
import type { ExternalEvent } from '@boostercloud/streamers'
import type { StoredEvent } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import { withMetadata } from '@boostercloud/streamer-connector'
import { SOURCE, Measured, eventNumber, nowMicros } from '../measure/workload'
import { noState } from '../ours/no-state'
import { log, receiveInto } from '../ours/receiving'
import type { Polled } from '../ours/receiving'
import { inFolder } from '../scenarios/place'
import { answer } from './worker'

/** What a path cost for each event. */
export interface Cost {
  readonly perSecond: number
  /** Bytes of memory taken; whoever frees them later pays too. */
  readonly bytes: number
}

/** How events are received. */
export interface Receiving {
  /** Where the inbox is: `sqlite`, or the address of a PostgreSQL database; undefined: there is none. */
  readonly inbox?: string
  readonly batches: boolean
}

const TOPIC = 'events'
const POLL = 500
const RELAY_BATCH = 500
const ADDRESS = `bench/${TOPIC}`
/** How many stores are under way at once. */
const STORES = 20

let schemas = 0

const methods = {
  /** Connector → receiver → handler. */
  receive: (count: number, { inbox, batches }: Receiving): Promise<Cost> =>
    inFolder(async (folder) => {
      const events = Array.from({ length: count }, (_, n) => received(eventNumber(n), n))
      const state = await stateWith(inbox, folder)
      const handled = counter(count)
      const cost = await costOf(count, async () => {
        const connector = polled(events)
        const receiver = await receiveInto(state, {
          connector,
          topic: TOPIC,
          handle: handled.add,
          batches,
        })
        await handled.all
        await receiver.close()
      })
      await state.close()
      return cost
    }),

  /** Event store → relay → connector, with an event store in memory. */
  relay: (count: number, eventsOfOneStore: number): Promise<Cost> =>
    inFolder(async (folder) => {
      const events = Array.from({ length: count }, (_, n) => stored(eventNumber(n)))
      const state = await openEmbeddedState(folder)
      const published = counter(count)
      const recent = new RecentEvents({ find: () => Promise.reject(new Error('An event was forgotten.')) }, count)
      const relay = new Relay({
        address: ADDRESS,
        connector: { ...polled([]), publish: async (batch) => published.add(...batch) },
        state,
        events: recent,
        source: SOURCE,
        absenceOf: () => 'waiting',
        log,
        idleMs: 1_000,
        batch: RELAY_BATCH,
        backoff: { firstDelayMs: 200, factor: 2, maxDelayMs: 30_000, jitter: 0.2 },
      })
      const outbox = new Outbox({
        state,
        owner: 'bench',
        addressesOf: () => [ADDRESS],
        wake: (_, known) => {
          recent.add(known)
          relay.wake()
        },
        now: Date.now,
      })
      relay.start()
      const cost = await costOf(count, async () => {
        await storeAll(outbox, events, eventsOfOneStore)
        await published.all
        await relay.stop()
      })
      await state.close()
      return cost
    }),
}

/** What a process can be asked for that measures paths. */
export type PathMethods = typeof methods

async function stateWith(inbox: string | undefined, folder: string): Promise<StateStore> {
  if (inbox === undefined) return noState
  if (inbox === 'sqlite') return openEmbeddedState(folder)
  const schema = `bench_${process.pid}_${schemas++}`
  return PostgresState.at({ url: inbox, schema }).open({ appName: 'bench', environment: 'bench' })
}

async function costOf(count: number, work: () => Promise<void>): Promise<Cost> {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const begun = nowMicros()
  await work()
  const micros = nowMicros() - begun
  return { perSecond: (count * 1e6) / micros, bytes: (process.memoryUsage().heapUsed - before) / count }
}

async function storeAll(outbox: Outbox, events: readonly StoredEvent[], together: number): Promise<void> {
  let next = 0
  const storeOn = async (): Promise<void> => {
    while (next < events.length) {
      const some = events.slice(next, (next += together))
      await outbox.store(some, async () => undefined)
    }
  }
  await Promise.all(Array.from({ length: STORES }, storeOn))
}

/** Counts to a number. */
function counter(to: number): { add: (...some: unknown[]) => Promise<void>; all: Promise<void> } {
  let done: () => void
  let count = 0
  const all = new Promise<void>((resolve) => (done = resolve))
  const add = async (...some: unknown[]): Promise<void> => {
    count += some.length
    if (count === to) done()
  }
  return { add, all }
}

/** A connector that has these events and then no more. */
function polled(events: readonly ExternalEvent[]): Polled & { publish: () => Promise<void> } {
  let next = 0
  return {
    capabilities: {
      position: 'broker',
      ordering: 'key',
      durable: false,
      replay: false,
      delivery: 'poll',
      maxEventBytes: 1e6,
    },
    publish: async () => undefined,
    poll: async () => {
      const some = events.slice(next, (next += POLL))
      if (some.length === 0) await pause(50)
      return some
    },
  }
}

function received(event: Measured, n: number): ExternalEvent {
  const { id, entity, time } = event
  const metadata = { id, type: Measured.name, source: SOURCE, subject: entity, key: entity, time }
  const fields = withMetadata({ ...event }, metadata)
  return { streamerId: 'bench', streamerTopic: TOPIC, eventPayload: fields, eventId: String(n), metadata }
}

function stored(event: Measured): StoredEvent {
  const { id, entity } = event
  const names = { typeName: Measured.name, entityTypeName: 'Entity' }
  return { ...names, id, version: 1, entityId: entity, key: entity, value: event as never, context: {} }
}

answer(methods)
