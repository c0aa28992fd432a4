import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A program of this folder in a process of its own, which talks by lines. */
export class Child {
  private readonly process: ChildProcessWithoutNullStreams
  private readonly exited: Promise<unknown>
  private readonly waiting = new Set<() => void>()
  private ended = false
  private errors = ''
  /** What it has said so far. */
  public readonly lines: string[] = []

  public constructor(program: string, ...args: string[]) {
    this.process = spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, program), ...args])
    this.exited = once(this.process, 'exit')
    const said = createInterface(this.process.stdout)
    said.on('line', (line) => {
      this.lines.push(line)
      this.wake()
    })
    this.process.stderr.on('data', (data) => (this.errors += String(data)))
    said.on('close', () => {
      this.ended = true
      this.wake()
    })
  }

  public get pid(): number {
    return this.process.pid as number
  }

  /** Resolves when what it has said fulfils the condition; rejects when it ends before. */
  public async says(condition: (lines: readonly string[]) => boolean): Promise<void> {
    while (!condition(this.lines)) {
      if (this.ended) throw new Error(`The process ended before it said what was expected. ${this.errors}`)
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
  }

  /** Resolves when it has ended and everything it said is here. */
  public async end(): Promise<void> {
    await this.exited
    while (!this.ended) await new Promise<void>((resolve) => this.waiting.add(resolve))
  }

  public async kill(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.end()
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve()
    this.waiting.clear()
  }
}
