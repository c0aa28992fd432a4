import { setTimeout as pause } from 'node:timers/promises'
import { BoosterCommandDispatcher } from '@boostercloud/framework-core/dist/booster-command-dispatcher'
import { openStore } from '@boostercloud/framework-provider-sql'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { onFailpoint } from '@boostercloud/streamer-connector'
import { loadApp, startApp } from '../booster/process'
import { answer } from '../workers/worker'

const TEXT = 'what a note says of something. '.repeat(4).slice(0, 120)
/** Events that one command registers. */
const TOGETHER = 500
const LIMIT_MS = 120_000
const LOOK_EVERY_MS = 100

let config: BoosterConfig
let dispatcher: BoosterCommandDispatcher

/** The process of one Booster app, whose folder is the working directory. */
const methods = {
  /** Starts the app. */
  async open(port: number): Promise<void> {
    config = loadApp()
    await startApp(config, port)
  },

  /** Starts the app, in which something is pending. Resolves with the milliseconds until it was published and its marks were gone. */
  async openAndPublish(port: number): Promise<number> {
    config = loadApp()
    const begun = performance.now()
    const published = reached('publish.after-unmark').then(() => performance.now() - begun)
    await startApp(config, port)
    return published
  },

  /** Stores so many events, each of an entity of its own, in provider-sql. Resolves when all are published and dispatched. */
  async take(from: number, count: number): Promise<void> {
    dispatcher ??= new BoosterCommandDispatcher(config)
    for (let taken = 0; taken < count; taken += TOGETHER) {
      await command({ from: from + taken, count: Math.min(TOGETHER, count - taken), text: TEXT })
    }
    await allDone()
  },

  /** Stores so many events that are not published: from now on, nothing is. */
  async takeUnpublished(from: number, count: number): Promise<void> {
    dispatcher ??= new BoosterCommandDispatcher(config)
    const sending = reached('publish.before-send', new Promise(() => undefined))
    await command({ from, count, text: TEXT })
    await sending
  },
}

export type ServiceMethods = typeof methods

/** Resolves when the code comes to a failpoint, which it passes when `held` resolves. Rejects where it does not come there in time. */
function reached(name: string, held?: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`The service does not come to ${name}.`)), LIMIT_MS).unref()
    onFailpoint(async (at) => {
      if (at !== name) return
      resolve()
      await held
    })
  })
}

async function command(value: object): Promise<void> {
  const envelope = { typeName: 'TakeNotes', version: 1, requestID: JSON.stringify(value), value }
  await dispatcher.dispatchCommand(envelope as never, { responseHeaders: {} } as never)
}

async function allDone(): Promise<void> {
  const store = await openStore(config)
  const end = Date.now() + LIMIT_MS
  for (;;) {
    const { pending, waiting } = await store.info()
    if (pending + waiting === 0) break
    if (Date.now() > end) throw new Error(`${pending} events are not published, ${waiting} entities not dispatched.`)
    await pause(LOOK_EVERY_MS)
  }
  await store.close()
}

answer(methods)
