import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { LakeOptions } from '@boostercloud/streamers-lake'
import { ROOT } from '../root'
import type { ConnectorChoice } from '../streamers'
import { until } from '../until'
import type { Victim } from './failpoints'

/** What a process beside a lake is told. */
export interface LakeProcessOptions {
  readonly role: Victim | 'reader'
  /** The run's folder. */
  readonly folder: string
  readonly place: Pick<LakeOptions, 'path' | 's3'>
  readonly connector: ConnectorChoice
  readonly address: string
  readonly mutant?: string
}

interface Order {
  readonly failpoint: string
  readonly times: number
}

const WORKER = join(ROOT, 'chaos', 'lake', 'worker.cjs')
/** Milliseconds within which a process is up, by as many starts as that takes. */
const UP_LIMIT_MS = 60_000
/** Milliseconds within which a process comes to a failpoint. */
const DOOM_LIMIT_MS = 30_000
/** Milliseconds between a death that nobody has ordered and the next start. */
const START_AGAIN_MS = 300

/** What runs now; killed when this process ends. */
const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** A process beside a lake: it is started again whenever it has died. */
export class LakeProcess {
  /** How often it was killed. */
  public killed = 0
  /** How often it ended by itself after it was up. */
  public crashed = 0
  private child?: ChildProcess
  private isUp = false
  private wanted = false
  private keeping: Promise<void> = Promise.resolve()
  private downMs = START_AGAIN_MS
  private order?: Order

  public constructor(private readonly options: LakeProcessOptions) {}

  /** Starts it. Resolves when it is up. */
  public async start(): Promise<void> {
    this.wanted = true
    this.keeping = this.keep()
    await this.comeUp()
  }

  /** Rejects where it does not come up in a time within which every such process does. */
  public async comeUp(): Promise<void> {
    if (await until(() => this.isUp, UP_LIMIT_MS, 10)) return
    throw new Error(`The ${this.options.role} does not come up; see its log in ${this.options.folder}.`)
  }

  /** Lets it die at a failpoint. Resolves with whether it has. */
  public async killAt(order: Order, downMs: number): Promise<boolean> {
    await this.comeUp()
    const before = this.killed
    this.downMs = downMs
    this.order = order
    this.tell()
    const isKilled = await until(() => this.killed > before, DOOM_LIMIT_MS, 10)
    this.order = undefined
    this.tell()
    return isKilled
  }

  /** Kills it now, be it up or starting. */
  public async kill(downMs: number): Promise<void> {
    const before = this.killed
    this.downMs = downMs
    await until(() => this.child?.kill('SIGKILL') === true, UP_LIMIT_MS, 10)
    await until(() => this.killed > before, UP_LIMIT_MS, 10)
  }

  /** Kills it for good. */
  public async stop(): Promise<void> {
    this.wanted = false
    this.child?.kill('SIGKILL')
    await this.keeping
  }

  private tell(): void {
    if (this.child?.connected) this.child.send(this.order ?? {}, () => undefined)
  }

  private async keep(): Promise<void> {
    while (this.wanted) {
      const child = this.launch()
      const [code] = (await once(child, 'exit')) as [number | null]
      running.delete(child)
      if (!this.wanted) return
      if (code === null) this.killed += 1
      else if (this.isUp) this.crashed += 1
      this.isUp = false
      await pause(this.downMs)
      this.downMs = START_AGAIN_MS
    }
  }

  private launch(): ChildProcess {
    const { role, folder } = this.options
    const child = spawn(process.execPath, [WORKER], {
      env: { ...process.env, CHAOS_LAKE: JSON.stringify(this.options) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    running.add(child)
    this.child = child
    child.once('message', () => (this.isUp = true))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => appendFileSync(join(folder, `${role}.log`), chunk))
    }
    this.tell()
    return child
  }
}
