import { counted, printable } from './output'

/** Milliseconds between two lines on a terminal, where each replaces the one before. */
const TERMINAL_MS = 200
/** Milliseconds before the first line elsewhere, as in a log; each further one takes twice as long, up to the last. */
const FIRST_LINE_MS = 5_000
const LONGEST_LINE_MS = 60_000
/** What a shell calls a process that was ended by Ctrl-C. */
const INTERRUPTED = 130
const CLEAR_LINE = '\r\u001b[K'

/** What is counted, and what to do when it is interrupted. */
export interface ProgressOptions {
  /** What is counted, in the singular: `event`. */
  readonly unit: string
  /** What is done with them, as `published`. */
  readonly done: string
  /** What to do after Ctrl-C, as a sentence or more. */
  readonly afterwards: string
  /** Where it is written. Default: standard error. */
  readonly to?: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>
  /** The time in milliseconds. Default: the process's own clock. */
  readonly now?: () => number
}

/**
 * Says on standard error how far a long command is: on a terminal in a line of its own that stays in its place, elsewhere now and then in a new one.
 * Ctrl-C says how far it got and what to do then.
 */
export class Progress {
  private count = 0
  private stage = ''
  private shown = false
  private spokenAt: number
  private everyMs: number
  private waiting?: NodeJS.Timeout
  private readonly interrupt = (): void => this.interrupted()

  public constructor(private readonly options: ProgressOptions) {
    this.spokenAt = this.now
    this.everyMs = this.isTerminal ? TERMINAL_MS : FIRST_LINE_MS
    process.once('SIGINT', this.interrupt)
    process.once('SIGTERM', this.interrupt)
  }

  /** So many more are done. */
  public add(more = 1): void {
    this.to(this.count + more)
  }

  /** So many are done in all. */
  public to(count: number, stage = this.stage): void {
    this.count = count
    this.stage = stage
    const { now } = this
    if (now - this.spokenAt < this.everyMs) return
    this.spokenAt = now
    if (!this.isTerminal) this.everyMs = Math.min(this.everyMs * 2, LONGEST_LINE_MS)
    this.write(this.words)
  }

  /** What is done now may take long and cannot be counted: a terminal shows it at once, a log when it does take long. */
  public at(stage: string): void {
    this.stage = stage
    clearTimeout(this.waiting)
    if (this.isTerminal) this.write(this.words)
    else this.waiting = setTimeout(() => this.write(this.words), FIRST_LINE_MS).unref()
  }

  /** Passes values on, and counts them. */
  public async *counting<T>(values: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    for await (const value of values) {
      yield value
      this.add()
    }
  }

  /** It is over: Ctrl-C does again what it did before. */
  public end(): void {
    clearTimeout(this.waiting)
    process.removeListener('SIGINT', this.interrupt)
    process.removeListener('SIGTERM', this.interrupt)
    if (this.shown && this.isTerminal) this.stream.write(CLEAR_LINE)
    this.shown = false
  }

  private interrupted(): void {
    this.end()
    const { afterwards } = this.options
    this.stream.write(`Interrupted: ${printable(this.words)}. ${afterwards}\n`)
    process.exit(INTERRUPTED)
  }

  private write(words: string): void {
    this.shown = true
    this.stream.write(this.isTerminal ? `${CLEAR_LINE}${printable(words)}` : `${printable(words)}\n`)
  }

  private get words(): string {
    const { count, stage, options } = this
    const said = `${counted(count, options.unit)} ${options.done}`
    if (stage === '') return said
    return count === 0 ? stage : `${stage}, ${said}`
  }

  private get stream(): Pick<NodeJS.WriteStream, 'write' | 'isTTY'> {
    return this.options.to ?? process.stderr
  }

  private get isTerminal(): boolean {
    return this.stream.isTTY
  }

  private get now(): number {
    return (this.options.now ?? ((): number => performance.now()))()
  }
}

/** Does long work, and says how far it is. */
export async function withProgress<T>(options: ProgressOptions, work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = new Progress(options)
  try {
    return await work(progress)
  } finally {
    progress.end()
  }
}
