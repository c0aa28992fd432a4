import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { extname, join } from 'node:path'
import type { StreamerContext } from '@boostercloud/streamer-connector'
import type { Bench } from '../bench/bench'
import type { CreateOverrides, OtherProcess } from '../harness/connector-under-test'
import { within } from '../bench/within'

/** What a service in another process is told. */
export interface ServiceOrder {
  readonly topic: string
  /** Where its state is. */
  readonly folder: string
  /** The file of its journal. */
  readonly journal: string
  /** The number of the probe in whose handler it kills itself. */
  readonly dieAt?: number
  /** How long its handler takes, in milliseconds. */
  readonly handlerMs: number
  readonly limitMs: number
  readonly module: OtherProcess
  readonly overrides: CreateOverrides
  readonly context: StreamerContext
}

/** A service in a process of its own. */
export class OtherService {
  private complaints = ''
  private readonly gone: Promise<[number | null, NodeJS.Signals | null]>

  private constructor(
    private readonly child: ChildProcess,
    private readonly limitMs: number
  ) {
    child.stderr?.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()))
    this.gone = new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve([code, signal]))
    })
  }

  /** Starts it; it ends with the case at the latest. */
  public static start(
    bench: Bench,
    order: Pick<ServiceOrder, 'topic' | 'folder' | 'journal' | 'dieAt' | 'handlerMs'>
  ): OtherService {
    const complete: ServiceOrder = {
      ...order,
      limitMs: bench.limitMs,
      module: bench.harness.inOtherProcess as OtherProcess,
      overrides: bench.overrides(),
      context: bench.context(),
    }
    const script = join(__dirname, `serve${extname(__filename)}`)
    const child = spawn(process.execPath, [...process.execArgv, script, JSON.stringify(complete)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    bench.atEnd(() => void child.kill('SIGKILL'))
    return new OtherService(child, bench.limitMs + 10_000)
  }

  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Resolves when it is gone, which must be so. */
  public async ended(how: { code?: number; signal?: NodeJS.Signals }): Promise<void> {
    const [code, signal] = await within(this.limitMs, this.gone, 'The end of the other process')
    const expected = [how.code ?? null, how.signal ?? null]
    assert.deepEqual([code, signal], expected, `How the other process ended. ${this.complaints}`)
  }
}
