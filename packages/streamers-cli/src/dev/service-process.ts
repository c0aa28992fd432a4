import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { OWN_COMMAND } from '../own-command'
import type { SharedLog } from './log'
import type { Started } from './started'

/** How long a service may take to end by itself. Then it gets a second signal, which ends it at once. */
const ENDS_WITHIN_MS = 5_000
const OUTDATED = '[SCHEMA_OUTDATED]'

/** How a service is started. */
export interface ServiceOptions {
  readonly name: string
  readonly folder: string
  readonly port: number
  readonly environment: string
  /** Whether it makes what is missing at its brokers. */
  readonly provision: boolean
  /** What its environment has beside that of this process. */
  readonly variables: Readonly<Record<string, string>>
}

/** What a service tells of. */
export interface ServiceEvents {
  started(started: Started): void
  /** It ended although nobody asked it to. */
  ended(code: number | null, hasOutdatedSchema: boolean): void
}

/** A service in a process of its own, `boost-streamers start --no-build`, which is started again when its code changes. */
export class ServiceProcess {
  private child?: ChildProcess
  private turn: Promise<void> = Promise.resolve()

  public constructor(
    private readonly options: ServiceOptions,
    private readonly log: SharedLog,
    private readonly events: ServiceEvents
  ) {}

  /** Ends what runs, and starts it with the code that is there now. Calls run one after another. */
  public async restart(): Promise<void> {
    this.turn = this.turn.then(async () => {
      await this.end()
      this.start()
    })
    return this.turn
  }

  /** Resolves when it has ended. */
  public async stop(): Promise<void> {
    this.turn = this.turn.then(() => this.end())
    return this.turn
  }

  private start(): void {
    const { name, folder, port, environment, provision, variables } = this.options
    const args = [
      'start',
      '--no-build',
      '--port',
      String(port),
      '--environment',
      environment,
      ...(provision ? ['--provision'] : []),
    ]
    const child = fork(OWN_COMMAND, args, {
      cwd: folder,
      env: { ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In a group of its own: Ctrl-C reaches this process only, which lets it end well.
      detached: true,
    })
    this.child = child
    let hasOutdatedSchema = false
    for (const stream of [child.stdout, child.stderr]) if (stream) this.log.follow(name, stream)
    child.stderr?.on('data', (chunk: Buffer) => (hasOutdatedSchema ||= chunk.includes(OUTDATED)))
    child.once('message', (message) => this.events.started(message as Started))
    child.once('close', (code) => {
      if (this.child !== child) return
      this.child = undefined
      this.events.ended(code, hasOutdatedSchema)
    })
  }

  private async end(): Promise<void> {
    const { child } = this
    this.child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    const again = setTimeout(() => child.kill('SIGTERM'), ENDS_WITHIN_MS)
    await closed
    clearTimeout(again)
  }
}
