import { strict as assert } from 'node:assert'
import { fork } from 'node:child_process'
import { extname, join } from 'node:path'
import type { StreamerContext } from '@boostercloud/streamer-connector'
import type { Bench } from './bench'
import type { CreateOverrides, OtherProcess } from '../harness/connector-under-test'
import { within } from './within'

/** What the child process is told. */
export interface Order {
  /** What it does before it kills itself: publish that many events, or poll until it has been handed that many. */
  readonly act: 'publish' | 'poll'
  readonly count: number
  readonly topic: string
  readonly limitMs: number
  readonly module: OtherProcess
  readonly overrides: CreateOverrides
  readonly context: StreamerContext
}

/**
 * Has another process act on a topic and, the moment its `publish` or `poll` has resolved, end as by `kill -9`: nothing flushed,
 * nothing closed. Resolves when that process is gone.
 */
export async function actAndDie(bench: Bench, act: Order['act'], count: number, topic: string): Promise<void> {
  const order: Order = {
    act,
    count,
    topic,
    limitMs: bench.limitMs,
    module: bench.harness.inOtherProcess as OtherProcess,
    overrides: bench.overrides(),
    context: bench.context(),
  }
  const script = join(__dirname, `act-and-die${extname(__filename)}`)
  const child = fork(script, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let complaints = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  const gone = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (_, signal) => resolve(signal))
  })
  try {
    const signal = await within(bench.limitMs + 10_000, gone, `The other process's ${act}()`)
    assert.equal(signal, 'SIGKILL', `The other process ended before its ${act}() had resolved. ${complaints}`)
  } finally {
    child.kill('SIGKILL')
  }
}
