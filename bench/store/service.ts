import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { BoosterConfig, ReadModelInterface } from '@boostercloud/framework-types'
import { BoosterCommandDispatcher } from '@boostercloud/framework-core/dist/booster-command-dispatcher'
import { listenOnLoopback } from '../../packages/streamers-cli/src/loopback'
import { answer } from '../workers/worker'

const TEXT = 'what a counter is told '.repeat(5)
const LIMIT_MS = 600_000

/** What a stretch of commands came to. */
export interface Passed {
  /** Commands answered in a second. */
  readonly answered: number
  /** Events that had reached their read model, in a second. */
  readonly through: number
  /** Entities whose read model does not say what its events say. */
  readonly wrong: number
}

let config: BoosterConfig
let dispatcher: BoosterCommandDispatcher
const sent = new Map<string, number>()

/** The process of one Booster app, whose folder is the working directory. */
const methods = {
  async open(port: number): Promise<void> {
    listenOnLoopback()
    const entry = join(process.cwd(), 'dist', 'index.js')
    const { Booster } = createRequire(entry)(entry) as { Booster: { config: BoosterConfig } }
    config = Booster.config
    await config.provider.infrastructure().start?.(config, port)
    dispatcher = new BoosterCommandDispatcher(config)
  },

  /** Sends so many commands, so many at once, one entity after the other. */
  async pass(count: number, callers: number, entities: number): Promise<Passed> {
    let next = 0
    const begun = Date.now()
    const caller = async (): Promise<void> => {
      while (next < count) await command(`counter-${next++ % entities}`)
    }
    await Promise.all(Array.from({ length: callers }, caller))
    const answeredMs = Date.now() - begun
    const touched = Math.min(count, entities)
    const views = await untilThrough(touched)
    const last = Math.max(...views.map(({ boosterMetadata }) => Date.parse(boosterMetadata?.lastUpdateAt ?? '')))
    const wrong = views.filter(({ id, count: told }) => told !== sent.get(String(id))).length
    const throughMs = Math.max(answeredMs, last - begun)
    return { answered: (count * 1_000) / answeredMs, through: (count * 1_000) / throughMs, wrong }
  },
}

export type ServiceMethods = typeof methods

async function command(counterId: string): Promise<void> {
  sent.set(counterId, (sent.get(counterId) ?? 0) + 1)
  const value = { counterId, text: TEXT }
  const envelope = { typeName: 'Count', version: 1, requestID: counterId, value }
  await dispatcher.dispatchCommand(envelope, { responseHeaders: {} } as never)
}

/** The read models, once those of the last entities say what was sent, or nothing comes any more. */
async function untilThrough(entities: number): Promise<ReadModelInterface[]> {
  const ids = Array.from({ length: entities }, (_, index) => `counter-${index}`)
  const end = Date.now() + LIMIT_MS
  for (const id of ids.slice(-512).reverse()) {
    while ((await view(id))?.count !== sent.get(id) && Date.now() < end) await pause(20)
  }
  const views = await Promise.all(ids.map(view))
  return views.map((found, index) => found ?? ({ id: ids[index], count: 0 } as ReadModelInterface))
}

async function view(id: string): Promise<ReadModelInterface | undefined> {
  const [found] = await config.provider.readModels.fetch(config, 'CounterView', id)
  return found
}

answer(methods)
