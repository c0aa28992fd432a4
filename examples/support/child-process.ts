import { spawn } from 'node:child_process'
import type { ChildProcess as Child } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const LAST_LINES = 40
const STOP_LIMIT_MS = 10_000

/** Processes that run now. What is left when this process exits is killed. */
const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach(({ child }) => child.kill('SIGKILL')))

/** A program with its arguments. */
export type Program = readonly [program: string, ...args: string[]]

/** How a program is run. */
export interface ChildOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Called with each line of its standard output; says whether the line has been dealt with: then it is none of its last words. */
  readonly onLine?: (line: string) => boolean
}

/** A child process that remembers its last lines, and can be stopped. */
export class ChildProcess {
  public readonly child: Child
  /** Resolves with how it has ended. */
  public readonly exited: Promise<string>
  /** Aborted when it has ended. */
  public readonly ended: AbortSignal
  private readonly lastLines: string[] = []
  private stopping = false

  public constructor(
    public readonly name: string,
    [program, ...args]: Program,
    { cwd, env, onLine }: ChildOptions
  ) {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message))
      child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    const end = new AbortController()
    this.ended = end.signal
    running.add(this)
    void this.exited.then(() => {
      running.delete(this)
      end.abort()
    })
    this.read(child.stdout, onLine)
    this.read(child.stderr)
  }

  /** Rejects, with the last lines of its output, when it ends without having been told. */
  public get failed(): Promise<never> {
    return this.exited.then((how) => {
      if (this.stopping) return new Promise<never>(() => undefined)
      throw new Error([`${this.name} ended by itself (${how}). Its last lines:`, ...this.lastLines].join('\n  '))
    })
  }

  /** Tells it to end, waits, and kills it if it does not. Resolves when it has ended. */
  public async stop(limitMs = STOP_LIMIT_MS): Promise<void> {
    this.stopping = true
    this.child.kill('SIGTERM')
    const timer = setTimeout(() => this.child.kill('SIGKILL'), limitMs)
    await this.exited
    clearTimeout(timer)
  }

  /** Kills it, as a crash would. Resolves when it has ended. */
  public async kill(): Promise<void> {
    this.stopping = true
    this.child.kill('SIGKILL')
    await this.exited
  }

  private read(stream: Readable, onLine?: (line: string) => boolean): void {
    createInterface({ input: stream }).on('line', (line) => {
      if (onLine?.(line)) return
      this.lastLines.push(line)
      if (this.lastLines.length > LAST_LINES) this.lastLines.shift()
    })
  }
}
