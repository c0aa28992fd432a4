import { setTimeout as pause } from 'node:timers/promises'
import type { BoosterConfig, ReadModelInterface } from '@boostercloud/framework-types'
import { BoosterCommandDispatcher } from '@boostercloud/framework-core/dist/booster-command-dispatcher'
import { loadApp, startApp } from '../booster/process'
import { answer } from '../workers/worker'

const TEXT = 'what a counter is told '.repeat(5)
const LIMIT_MS = 600_000
/** Commands whose read models are waited for: more than are under way at once. */
const LAST = 512

/** What a stretch of commands came to. */
export interface Passed {
  /** Commands answered in a second. */
  readonly answered: number
  /** Events that had reached their read model, in a second. */
  readonly through: number
  /** Processor time of an event on all of its way, in microseconds. */
  readonly cpu: number
  /** Entities whose read model does not say what its events say. */
  readonly wrong: number
}

let config: BoosterConfig
let dispatcher: BoosterCommandDispatcher
const sent = new Map<string, number>()

/** The process of one Booster app, whose folder is the working directory. */
const methods = {
  async open(port: number): Promise<void> {
    config = loadApp()
    await startApp(config, port)
    dispatcher = new BoosterCommandDispatcher(config)
  },

  /** Sends so many commands, so many at once, one entity after the other. */
  async pass(count: number, callers: number, entities: number): Promise<Passed> {
    const begun = Date.now()
    const cpu = process.cpuUsage()
    await commands(count, callers, async (index) => command('Count', `counter-${index % entities}`, 1))
    const answeredMs = Date.now() - begun
    const touched = Math.min(count, entities)
    await untilThrough(lastOf(count).map((index) => `counter-${index % entities}`))
    const { user, system } = process.cpuUsage(cpu)
    const views = await viewsOf(touched)
    const last = Math.max(...views.map(({ boosterMetadata }) => Date.parse(boosterMetadata?.lastUpdateAt ?? '')))
    const wrong = views.filter(({ id, count: told }) => told !== sent.get(String(id))).length
    const throughMs = Math.max(answeredMs, last - begun)
    return {
      answered: (count * 1_000) / answeredMs,
      through: (count * 1_000) / throughMs,
      cpu: (user + system) / count,
      wrong,
    }
  },

  /** Stores so many events, the same number for each entity, several of them with each command. */
  async fill(count: number, callers: number, entities: number): Promise<void> {
    const each = Math.ceil(count / entities)
    const filled = Math.ceil(count / each)
    await commands(filled, callers, async (index) =>
      command('CountOften', `counter-${index}`, Math.min(each, count - index * each))
    )
    await untilThrough(lastOf(filled).map((index) => `counter-${index}`))
  },
}

export type ServiceMethods = typeof methods

async function commands(count: number, callers: number, send: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < count) await send(next++)
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

async function command(typeName: 'Count' | 'CountOften', counterId: string, times: number): Promise<void> {
  sent.set(counterId, (sent.get(counterId) ?? 0) + times)
  const value = { counterId, text: TEXT, ...(typeName === 'CountOften' ? { times } : {}) }
  const envelope = { typeName, version: 1, requestID: counterId, value }
  await dispatcher.dispatchCommand(envelope, { responseHeaders: {} } as never)
}

/** The numbers of the last commands, the last one first. */
function lastOf(commands: number): number[] {
  return Array.from({ length: Math.min(commands, LAST) }, (_, back) => commands - 1 - back)
}

/** Resolves when the read models of these say what was sent, or nothing comes any more. */
async function untilThrough(ids: readonly string[]): Promise<void> {
  const end = Date.now() + LIMIT_MS
  for (const id of ids) {
    while ((await view(id))?.count !== sent.get(id) && Date.now() < end) await pause(20)
  }
}

async function viewsOf(entities: number): Promise<ReadModelInterface[]> {
  const ids = Array.from({ length: entities }, (_, index) => `counter-${index}`)
  await untilThrough(ids)
  const views = await Promise.all(ids.map(view))
  return views.map((found, index) => found ?? ({ id: ids[index], count: 0 } as ReadModelInterface))
}

async function view(id: string): Promise<ReadModelInterface | undefined> {
  const [found] = await config.provider.readModels.fetch(config, 'CounterView', id)
  return found
}

answer(methods)
