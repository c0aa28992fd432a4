import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const LAST_LINES = 40
const STOP_LIMIT_MS = 10_000

/** Processes that run now. What is left when this process exits is killed. */
const running = new Set()
process.once('exit', () => running.forEach(({ child }) => child.kill('SIGKILL')))

/** A child process that remembers its last lines, and stops when it is told. */
export class ChildProcess {
  #lastLines = []
  #stopping = false

  /**
   * Runs a program; `onLine` is called with each line of its standard output, and says whether the line has been dealt with: then it is
   * none of its last words.
   */
  constructor(name, [program, ...args], { cwd, env, onLine }) {
    this.name = name
    this.child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(error.message))
      this.child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    const end = new AbortController()
    /** Aborted when it has ended. */
    this.ended = end.signal
    running.add(this)
    this.exited.then(() => {
      running.delete(this)
      end.abort()
    })
    this.#read(this.child.stdout, onLine)
    this.#read(this.child.stderr)
  }

  /** Rejects, with the last lines of its output, when it ends without having been told. */
  get failed() {
    return this.exited.then((how) => {
      if (this.#stopping) return new Promise(() => {})
      throw new Error([`${this.name} ended by itself (${how}). Its last lines:`, ...this.#lastLines].join('\n  '))
    })
  }

  /** Tells it to end, waits, and kills it if it does not. Resolves when it has ended. */
  async stop(limitMs = STOP_LIMIT_MS) {
    this.#stopping = true
    this.child.kill('SIGTERM')
    const timer = setTimeout(() => this.child.kill('SIGKILL'), limitMs)
    await this.exited
    clearTimeout(timer)
  }

  /** Kills it, as a crash would. Resolves when it has ended. */
  async kill() {
    this.#stopping = true
    this.child.kill('SIGKILL')
    await this.exited
  }

  #read(stream, onLine) {
    createInterface({ input: stream }).on('line', (line) => {
      if (onLine?.(line)) return
      this.#lastLines.push(line)
      if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift()
    })
  }
}
