import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { appendWitness } from './history'
import type { WitnessLine } from './history'
import { launch } from './launch'
import type { ServiceOptions } from './launch'
import type { Stage } from './stages'
import { until } from './until'

/** Where it is to die, and for how long it is then down. */
interface Order {
  readonly failpoint: string
  readonly times: number
  readonly downMs: number
  readonly carriedOut: () => void
}

const STOP_LIMIT_MS = 20_000
/** Milliseconds within which a service is up, by as many starts as that takes. */
const UP_LIMIT_MS = 120_000
/** Milliseconds between a death that no fault has brought about, or a start that has failed, and the next start. */
const START_AGAIN_MS = 500

/** A process of a service of the chain: it dies, and is started again, until it is told to stop. */
export class Service {
  public readonly stage: Stage
  private child?: ChildProcess
  private gone: Promise<void> = Promise.resolve()
  private keeping: Promise<void> = Promise.resolve()
  private wanted = false
  private answers = false
  private downMs = START_AGAIN_MS
  private order?: Order

  public constructor(private readonly options: ServiceOptions) {
    this.stage = options.stage
  }

  public get url(): string {
    return `http://127.0.0.1:${this.options.port}/graphql`
  }

  /** Whether it takes commands, as far as is known. */
  public get isUp(): boolean {
    return this.answers
  }

  /** Whether it was started and not stopped, be it up or not. */
  public get isWanted(): boolean {
    return this.wanted
  }

  /** Starts it, and again whenever it has died. Resolves when it is up; rejects as `comeUp` does. */
  public async start(): Promise<void> {
    this.wanted = true
    this.keeping = this.keep()
    await this.comeUp()
  }

  /** Resolves when it is up; rejects where it is not in a time within which every service is. */
  public async comeUp(): Promise<void> {
    if (await until(() => this.isUp || !this.wanted, UP_LIMIT_MS)) return
    throw new Error(`The ${this.stage} service does not come up; see its log in ${this.options.folder}.`)
  }

  /** Tells it, and each process that follows it, to die when it comes to a failpoint so many times. Resolves when it has. */
  public killAt(failpoint: string, times: number, downMs: number): Promise<void> {
    return new Promise((carriedOut) => {
      this.order = { failpoint, times, downMs, carriedOut }
      this.tell()
    })
  }

  /** Takes that back. */
  public spare(): void {
    this.order = undefined
    this.tell()
  }

  /** Kills it, and has it down for so long. */
  public async kill(downMs: number): Promise<void> {
    this.downMs = downMs
    this.child?.kill('SIGKILL')
    await this.gone
  }

  /** Stops it where it is, and lets it go on after so long. */
  public async halt(forMs: number): Promise<void> {
    const { child } = this
    if (child?.pid === undefined) return
    this.note({ what: 'stopped', stage: this.stage, pid: child.pid })
    child.kill('SIGSTOP')
    await pause(forMs)
    child.kill('SIGCONT')
    this.note({ what: 'continued', stage: this.stage, pid: child.pid })
  }

  /** Tells it to end, and waits; kills it if it does not. */
  public async stop(): Promise<void> {
    this.wanted = false
    this.child?.kill('SIGTERM')
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_LIMIT_MS)
    await this.keeping
    clearTimeout(timer)
  }

  /** Kills it for good. */
  public async end(): Promise<void> {
    this.wanted = false
    this.child?.kill('SIGKILL')
    await this.keeping
  }

  private async keep(): Promise<void> {
    while (this.wanted) {
      this.run()
      await this.gone
      const { downMs } = this
      this.downMs = START_AGAIN_MS
      if (this.wanted) await pause(downMs)
    }
  }

  private run(): void {
    const child = launch(this.options)
    this.child = child
    child.once('message', () => {
      this.answers = true
      this.tell()
    })
    this.gone = new Promise((resolve) => child.once('exit', () => resolve(this.afterDeath(child))))
  }

  private afterDeath(child: ChildProcess): void {
    const died = {
      what: 'died',
      stage: this.stage,
      pid: child.pid ?? 0,
      killed: child.signalCode === 'SIGKILL',
    } as const
    this.note(this.wanted && this.answers && !died.killed ? { ...died, crashed: true } : died)
    this.child = undefined
    this.answers = false
    if (!died.killed || !this.order) return
    this.downMs = this.order.downMs
    this.order.carriedOut()
  }

  /** Tells the process that runs now where to die. */
  private tell(): void {
    const { failpoint, times } = this.order ?? {}
    this.child?.send({ failpoint, times }, () => undefined)
  }

  /** Appends to the witness file. */
  private note(line: WitnessLine): void {
    appendWitness(this.options.folder, line)
  }
}
