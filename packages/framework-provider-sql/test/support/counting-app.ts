import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@boostercloud/dev-brokers'
import { BoosterApp } from '../../../streamers/test/support/booster-app'
import type { SqlProviderOptions } from '../../src/options'
import type { Request } from './driver'

/** How a process of the app is started. */
export interface ProcessOptions {
  readonly sqlProvider?: SqlProviderOptions
  /** Steps whose handler never returns. */
  readonly held?: readonly number[]
  /** Steps whose handler throws so many times. */
  readonly failing?: readonly (readonly [step: number, times: number])[]
  /** Whether its core is one that behaves as that of Booster 4. Default false. */
  readonly newerCore?: boolean
}

/** What has a process's core behave as that of Booster 4. */
export const NEWER_CORE = join(__dirname, '..', '..', '..', 'streamers', 'test', 'support', 'newer-core.cjs')

/** As much of what a process says at its end is told, in characters. */
const COMPLAINTS = 4_000

/** An app that counts, with a handler that can be made to hang and to throw; run in as many processes as a test needs. */
export class CountingApp {
  private readonly processes: CountingProcess[] = []

  private constructor(private readonly app: BoosterApp) {}

  public static async build(): Promise<CountingApp> {
    const folder = join(__dirname, 'app', 'src')
    const names = await readdir(folder)
    const texts = names.map(async (name) => [`src/${name}`, await readFile(join(folder, name), 'utf8')])
    return new CountingApp(
      await BoosterApp.build(Object.fromEntries(await Promise.all(texts)) as Record<string, string>)
    )
  }

  /** Loads the app in a process of its own; nothing is started. */
  public async load({
    sqlProvider = {},
    held = [],
    failing = [],
    newerCore,
  }: ProcessOptions = {}): Promise<CountingProcess> {
    const port = await freePort()
    const socketPort = await freePort()
    const child = fork(join(__dirname, 'driver.ts'), {
      cwd: this.app.folder,
      execArgv: [...(newerCore ? ['--require', NEWER_CORE] : []), '--require', require.resolve('tsx/cjs')],
      env: {
        ...process.env,
        BOOSTER_ENV: 'local',
        PORT: String(port),
        LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(socketPort),
        SQL_PROVIDER: JSON.stringify(sqlProvider),
        HELD_STEPS: JSON.stringify(held),
        FAILING_STEPS: JSON.stringify(failing),
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const loaded = new CountingProcess(child, port, socketPort)
    this.processes.push(loaded)
    await loaded.loaded
    return loaded
  }

  /** The same, started as a service. */
  public async start(options: ProcessOptions = {}): Promise<CountingProcess> {
    const started = await this.load(options)
    await started.ask({ do: 'start' })
    return started
  }

  /** Kills its processes, and forgets what SQLite has. */
  public async reset(): Promise<void> {
    await Promise.all(this.processes.splice(0).map(async (each) => each.kill()))
    await rm(join(this.app.folder, '.booster'), { recursive: true, force: true })
  }

  public async remove(): Promise<void> {
    await this.reset()
    await this.app.remove()
  }
}

/** One process of the app. */
export class CountingProcess {
  public readonly loaded: Promise<unknown>
  private readonly waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  private asked = 0
  private ended?: Error

  public constructor(
    private readonly child: ChildProcess,
    public readonly port: number,
    public readonly socketPort: number
  ) {
    this.loaded = new Promise((resolve, reject) => this.waiting.set(0, { resolve, reject }))
    child.on('message', ({ id, result, error }: { id: number; result?: unknown; error?: string }) => {
      const asked = this.waiting.get(id)
      this.waiting.delete(id)
      if (error === undefined) asked?.resolve(result)
      else asked?.reject(new Error(error))
    })
    let complaints = ''
    child.stderr?.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-COMPLAINTS)))
    // What it said last is read by then, which is not so when it exits.
    child.on('close', (code, signal) => {
      this.ended = new Error(`The process has ended with ${signal ?? code}. ${complaints}`)
      for (const { reject } of this.waiting.values()) reject(this.ended)
    })
  }

  /** Rejects with what the process answers with, or where it ends. */
  public async ask<T>(request: Request): Promise<T> {
    const id = ++this.asked
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject })
      if (this.ended) reject(this.ended)
      // A process that is ending takes no more: why it ends is told when it has.
      else this.child.send({ id, request }, () => undefined)
    })
  }

  public async store(...steps: (readonly [counter: string, step: number])[]): Promise<string[]> {
    return this.ask({ do: 'store', steps })
  }

  /** The steps that a counter's read model has. */
  public async seen(id: string): Promise<number[]> {
    const view = await this.ask<{ steps: number[] } | undefined>({ do: 'view', type: 'CounterView', id })
    return view?.steps ?? []
  }

  /** The steps for which the handler's event is stored. */
  public async noted(id: string): Promise<number[]> {
    return this.ask({ do: 'events', entity: 'Note', id: `note-of-${id}` })
  }

  public async health(): Promise<{ count: number; waiting: number; failing: number }> {
    return this.ask({ do: 'health' })
  }

  /** As `kill -9` does. */
  public async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exit = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGKILL')
    await exit
  }
}
