import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inspect, isDeepStrictEqual } from 'node:util'
import { listenOnLoopback } from '../support/loopback'
import { Bench } from './bench'
import type { UserApp } from './bench'
import { cases } from './cases'

/** What the tests ask of this process, and what it answers. */
export interface Asked {
  readonly run: string
}
export interface Answered {
  readonly ran: string
  /** Why it failed; none where it passed. */
  readonly failure?: string
}

/** This process is an app of its own: its folder is the working directory, and the cases run inside it. */
async function host(): Promise<void> {
  listenOnLoopback()
  const entry = join(process.cwd(), 'dist', 'index.js')
  const app = createRequire(entry)(entry) as UserApp
  const port = Number(process.env.PORT)
  await app.Booster.config.provider.infrastructure().start?.(app.Booster.config, port)
  const bench = new Bench(app, port, Number(process.env.LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT))
  process.on('message', ({ run }: Asked) => void answer(run, bench))
  process.send?.({ ready: true })
}

async function answer(name: string, bench: Bench): Promise<void> {
  process.send?.({ ran: name, failure: await failureOf(name, bench) } satisfies Answered)
}

async function failureOf(name: string, bench: Bench): Promise<string | undefined> {
  try {
    const found = cases.find((each) => each.name === name)
    if (!found) throw new Error(`There is no case ${name}.`)
    await found.run(bench)
    return undefined
  } catch (error) {
    return reason(error)
  }
}

function reason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const { actual, expected } = thrown as { actual?: unknown; expected?: unknown }
  const difference = isDeepStrictEqual(actual, expected) ? '' : `\nexpected ${text(expected)}\nactual   ${text(actual)}`
  return `${thrown.stack ?? thrown.message}${difference}`
}

function text(value: unknown): string {
  return inspect(value, { depth: 5 }).slice(0, 2_000)
}

void host()
