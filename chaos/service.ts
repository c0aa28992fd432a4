import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { appendWitness } from './history'
import type { WitnessLine } from './history'
import { ROOT } from './root'
import type { StoreReader } from './providers'
import type { Stage } from './stages'
import type { ConnectorChoice } from './streamers'

/** What a service needs to run. */
export interface ServiceOptions {
  readonly stage: Stage
  /** The run's folder. */
  readonly folder: string
  readonly port: number
  readonly webSocketPort: number
  readonly connector: ConnectorChoice
  /** Booster's `providerPackage`. */
  readonly provider: string
  /** What tells it of its database. */
  readonly database: Readonly<Record<string, string>>
  /** Looked at before it starts. */
  readonly store: StoreReader
  readonly mutant?: string
}

const STOP_LIMIT_MS = 20_000

/** What runs now; killed when this process ends. */
const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** A process of a service of the chain, which dies and is started again. */
export class Service {
  public readonly stage: Stage
  private child?: ChildProcess
  private gone: Promise<void> = Promise.resolve()
  private ups = 0
  private killing = false

  public constructor(private readonly options: ServiceOptions) {
    this.stage = options.stage
  }

  public get url(): string {
    return `http://127.0.0.1:${this.options.port}/graphql`
  }

  /** Whether it takes commands, as far as is known. */
  public get isUp(): boolean {
    return this.child !== undefined && this.ups > 0
  }

  /** Starts a process and resolves when it is up; false if it died before. */
  public async start(): Promise<boolean> {
    const { stage, folder, port, webSocketPort, connector, provider, database, mutant } = this.options
    await this.options.store.read()
    this.ups = 0
    this.killing = false
    const child = spawn(
      process.execPath,
      [
        '--require',
        join(ROOT, 'chaos', 'service', 'preload.cjs'),
        join(ROOT, 'chaos', 'service', 'run.cjs'),
        String(port),
      ],
      {
        cwd: join(folder, stage),
        env: {
          ...process.env,
          BOOSTER_ENV: 'local',
          LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(webSocketPort),
          CHAOS_STAGE: stage,
          CHAOS_CONNECTOR: JSON.stringify(connector),
          CHAOS_MUTANT: mutant ?? '',
          CHAOS_PROVIDER: provider,
          ...database,
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      }
    )
    this.child = child
    running.add(child)
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => appendFileSync(join(folder, `${stage}.log`), chunk))
    }
    this.gone = new Promise((resolve) => child.once('exit', () => resolve(this.afterDeath(child))))
    return new Promise((resolve) => {
      child.once('message', () => {
        this.ups += 1
        resolve(true)
      })
      void this.gone.then(() => resolve(false))
    })
  }

  /** Resolves when no process of it is left. */
  public async dead(): Promise<void> {
    await this.gone
  }

  /** Tells it to die at a failpoint. */
  public killAt(failpoint: string, times: number): void {
    this.killing = true
    this.child?.send({ failpoint, times }, () => undefined)
  }

  /** Takes that back. */
  public spare(): void {
    this.killing = false
    this.child?.send({}, () => undefined)
  }

  public async kill(): Promise<void> {
    this.killing = true
    this.child?.kill('SIGKILL')
    await this.gone
  }

  /** Stops it where it is, and lets it go on after so long. */
  public async halt(forMs: number): Promise<void> {
    const { child } = this
    if (child?.pid === undefined) return
    this.note({ what: 'stopped', stage: this.stage, pid: child.pid })
    child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, forMs))
    child.kill('SIGCONT')
    this.note({ what: 'continued', stage: this.stage, pid: child.pid })
  }

  /** Tells it to end, and waits; kills it if it does not. Answers whether it ended by itself. */
  public async stop(): Promise<boolean> {
    const { child } = this
    let inTime = true
    this.killing = true
    child?.kill('SIGTERM')
    const timer = setTimeout(() => {
      inTime = false
      child?.kill('SIGKILL')
    }, STOP_LIMIT_MS)
    await this.gone
    clearTimeout(timer)
    return inTime
  }

  /** Appends to the witness file. */
  public note(line: WitnessLine): void {
    appendWitness(this.options.folder, line)
  }

  private afterDeath(child: ChildProcess): void {
    running.delete(child)
    this.child = undefined
    this.ups = 0
    this.note({
      what: 'died',
      stage: this.stage,
      pid: child.pid ?? 0,
      killed: this.killing && child.signalCode === 'SIGKILL',
    })
  }
}
