import { setTimeout as pause } from 'node:timers/promises'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrokerKind, Command, Place } from './broker-kind'
import { KeptProcess, notStarted } from './keep/kept-process'
import { runToEnd } from './run'
import type { Server, Way } from './server'

/** How one server is run, whatever it is run by. */
export interface Launch {
  readonly kind: BrokerKind
  readonly way: Way
  readonly place: Place
  readonly readyMs: number
  readonly command: Command
  /** As by `kill -9`, given the pid of what was executed. */
  readonly kill: (pid: number) => Promise<void>
  /** As by `SIGSTOP` and `SIGCONT`, given the same pid. */
  readonly stall: (pid: number) => Promise<void>
  readonly goOn: (pid: number) => Promise<void>
  /** Executed when it was ended in order. */
  readonly cleanUp?: Command
}

const GRACE_MS = 10_000

/** A server that is ours. */
export class StartedServer implements Server {
  private running?: KeptProcess
  private wasKilled = false
  private isStalled = false

  private constructor(private readonly launch: Launch) {}

  /** Resolves when it answers. */
  public static async start(launch: Launch): Promise<StartedServer> {
    const server = new StartedServer(launch)
    await server.restart()
    return server
  }

  public get kind(): BrokerKind {
    return this.launch.kind
  }

  public get way(): Way {
    return this.launch.way
  }

  public get url(): string {
    return this.kind.url(this.launch.place)
  }

  public get env(): Readonly<Record<string, string>> {
    return { [this.kind.variable]: this.url }
  }

  public async stop(): Promise<void> {
    const { running, launch } = this
    await this.goOn()
    this.running = undefined
    if (running) await running.end()
    if (launch.cleanUp) await runToEnd(launch.cleanUp).catch(() => undefined)
    await rm(launch.place.folder, { recursive: true, force: true })
  }

  public async kill(): Promise<void> {
    const { running } = this
    if (!running) return
    this.running = undefined
    this.isStalled = false
    this.wasKilled = true
    await this.launch.kill(running.pid)
    await running.exited()
  }

  public async stall(): Promise<void> {
    if (!this.running || this.isStalled) return
    await this.launch.stall(this.running.pid)
    this.isStalled = true
  }

  public async goOn(): Promise<void> {
    if (!this.running || !this.isStalled) return
    this.isStalled = false
    await this.launch.goOn(this.running.pid)
  }

  public async restart(): Promise<void> {
    const { kind, place, readyMs, command } = this.launch
    const end = Date.now() + readyMs
    this.running ??= await this.run()
    while (!(await kind.ready(place))) {
      if (Date.now() > end || (this.running.hasExited && !this.wasKilled)) {
        const error = await notStarted({ file: command.file, log: logOf(place) })
        await this.stop()
        throw error
      }
      // What a killed server has left behind, as its children, may keep the next one from starting for a moment.
      if (this.running.hasExited) this.running = await this.run()
      await pause(50)
    }
  }

  private run(): Promise<KeptProcess> {
    const { place, kind, command, cleanUp } = this.launch
    return KeptProcess.start({
      ...command,
      folder: place.folder,
      log: logOf(place),
      user: place.user,
      stopSignal: kind.stopSignal,
      graceMs: GRACE_MS,
      cleanUp,
    })
  }
}

function logOf({ folder }: Place): string {
  return join(folder, 'log')
}
