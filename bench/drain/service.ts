import { setTimeout as pause } from 'node:timers/promises'
import { BoosterCommandDispatcher } from '@boostercloud/framework-core/dist/booster-command-dispatcher'
import { openStore } from '@boostercloud/framework-provider-sql'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { onFailpoint } from '@boostercloud/streamer-connector'
import { stateOf } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import { loadApp, startApp } from '../booster/process'
import { percentile } from '../measure/statistics'
import { answer } from '../workers/worker'

const TEXT = 'what a note says of something. '.repeat(4).slice(0, 120)
const ADDRESS = 'main/notes'
/** Events that one command of the backlog registers. */
const TOGETHER = 500
/** Milliseconds from the end of one command to the next one. */
const APART_MS = 10
/** For how long commands are called at rest: longer than what a killed process had leased stays its own. */
const REST_MS = 12_000
/** Commands before those that are measured. */
const WARM_UP = 50
const LIMIT_MS = 600_000
const LOOK_EVERY_MS = 20

/** How long commands took, in milliseconds. */
export interface Waits {
  readonly p50: number
  readonly p99: number
}

/** What the end of a backlog came to. */
export interface Drained {
  readonly perSecond: number
  readonly atRest: Waits
  readonly meanwhile: Waits
  /** The most memory that the process ever had, in MB. */
  readonly peakMb: number
  /** Numbers of the events that were stored, the backlog and the commands beside. */
  readonly stored: number
}

let config: BoosterConfig
let dispatcher: BoosterCommandDispatcher
let stored = 0

/** The process of one Booster app, whose folder is the working directory. */
const methods = {
  /** Stores so many events of which none is published, on so many entities. Resolves when all are dispatched. */
  async fill(port: number, count: number, entities: number): Promise<void> {
    onFailpoint((name) => (name === 'publish.before-send' ? new Promise(() => undefined) : undefined))
    await open(port)
    for (; stored < count; stored += TOGETHER) await take(stored, Math.min(TOGETHER, count - stored), entities)
    if (config.providerPackage?.endsWith('-sql')) await allDispatched()
  },

  /** Starts the app with its backlog, and measures commands while nothing is published and while everything is. */
  async drain(port: number, count: number, entities: number): Promise<Drained> {
    stored = count
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    onFailpoint((name) => (name === 'publish.before-send' ? released : undefined))
    await open(port)
    for (let n = 0; n < WARM_UP; n += 1) await timed(entities)
    const state = await stateOf(config)
    const begunResting = performance.now()
    const atRest = await waitsWhile(entities, () => performance.now() - begunResting < REST_MS)
    const backlog = stored
    const [begunAt, begun] = [Date.now(), performance.now()]
    let drainedMs: number | undefined
    const drained = untilDrained(state, begunAt).then(() => (drainedMs = performance.now() - begun))
    release()
    const meanwhile = await waitsWhile(entities, () => drainedMs === undefined)
    await drained
    const { maxRSS } = process.resourceUsage()
    await untilDrained(state, Date.now())
    return { perSecond: (backlog * 1_000) / (drainedMs ?? NaN), atRest, meanwhile, peakMb: maxRSS / 1_024, stored }
  },
}

export type ServiceMethods = typeof methods

async function open(port: number): Promise<void> {
  config = loadApp()
  await startApp(config, port)
  dispatcher = new BoosterCommandDispatcher(config)
}

async function take(from: number, count: number, entities: number): Promise<void> {
  const value = { from, count, entities, text: TEXT }
  const envelope = { typeName: 'TakeNotes', version: 1, requestID: `take-${from}`, value }
  await dispatcher.dispatchCommand(envelope as never, { responseHeaders: {} } as never)
}

async function timed(entities: number): Promise<number> {
  const begun = performance.now()
  await take(stored, 1, entities > 1 ? Infinity : 1)
  stored += 1
  const ms = performance.now() - begun
  await pause(APART_MS)
  return ms
}

async function waitsWhile(entities: number, isOn: () => boolean): Promise<Waits> {
  const waits: number[] = []
  while (isOn()) waits.push(await timed(entities))
  return { p50: percentile(waits, 50), p99: percentile(waits, 99) }
}

/** Resolves when nothing is pending that was marked before then. */
async function untilDrained(state: StateStore, begunAt: number): Promise<void> {
  const end = Date.now() + LIMIT_MS
  for (;;) {
    const [first] = await state.pendingMarks(ADDRESS, { limit: 1 })
    if (!first || first.markedAt > begunAt) return
    if (Date.now() > end) throw new Error('The backlog does not end.')
    await pause(LOOK_EVERY_MS)
  }
}

async function allDispatched(): Promise<void> {
  const store = await openStore(config)
  const end = Date.now() + LIMIT_MS
  while ((await store.info()).waiting > 0) {
    if (Date.now() > end) throw new Error('What was stored is not dispatched.')
    await pause(500)
  }
  await store.close()
}

answer(methods)
