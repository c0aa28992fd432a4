import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { WarmCli } from '../../../../test/support/warm-cli'
import { eventually } from '../../../streamers/test/support/eventually'

const BIN = join(__dirname, '..', '..', 'bin', 'boost-streamers.js')

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string
  /** Its standard input; none by default. */
  readonly input?: string
  /** Whether more input may come, by `write`. */
  readonly open?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A `boost-streamers` that runs: a real process. */
export class Command {
  public out = ''
  public err = ''
  /** Resolves when it has ended, and all that it wrote is here. */
  public readonly ended: Promise<Ended>
  private readonly child: ChildProcess

  public constructor(args: readonly string[], { cwd, input, open, env }: CommandOptions = {}) {
    this.child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { ...process.env, BOOSTER_ENV: undefined, NO_COLOR: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString('utf8')))
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString('utf8')))
    this.child.stdin?.on('error', () => undefined)
    this.child.stdin?.write(input ?? '')
    if (!open) this.child.stdin?.end()
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject)
      this.child.once('close', (code) => resolve({ code, out: this.out, err: this.err }))
    })
  }

  /** Undefined if it could not be started. */
  public get pid(): number | undefined {
    return this.child.pid
  }

  /** More standard input. */
  public write(text: string): void {
    this.child.stdin?.write(text)
  }

  /** Waits until it has written a text. */
  public async says(text: string | RegExp, limitMs = 60_000): Promise<void> {
    const said = (): boolean =>
      typeof text === 'string' ? (this.out + this.err).includes(text) : text.test(this.out + this.err)
    const hasEnded = (): boolean => this.child.exitCode !== null || this.child.signalCode !== null
    const seen = (): unknown => ({ awaited: String(text), out: this.out, err: this.err })
    await eventually(() => said() || hasEnded(), seen, limitMs)
    if (said()) return
    await this.ended
    if (!said()) throw new Error(`It ended and did not say it: ${JSON.stringify(seen())}`)
  }

  /** Closes its standard output at our end, as `head` does. */
  public stopReading(): void {
    this.child.stdout?.destroy()
  }

  /** Sends a signal; resolves when it has ended. */
  public async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }
}

/** Runs a command to its end. */
export async function run(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return new Command(args, options).ended
}

const warm = new WarmCli()

/**
 * Runs a command to its end, in a process that runs one after another: for commands that read sources, which takes a process of its own
 * five seconds and more for the types of packages alone.
 */
export function runWarm(
  args: readonly string[],
  { cwd = process.cwd() }: Pick<CommandOptions, 'cwd'> = {}
): Promise<Ended> {
  return warm.run(cwd, ...args)
}
