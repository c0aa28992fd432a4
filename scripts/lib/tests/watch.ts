import type { Outcome, WorkerMessage } from './messages'
import type { FileResult } from './report'

interface Watched {
  readonly files: readonly string[]
  readonly limitOf: (file: string) => number
  readonly endMs: number
  readonly onResult: (result: FileResult) => void
  /** Ends the process, with its children. */
  readonly stop: () => void
}

/** A file that has begun. */
interface Current {
  readonly file: string
  readonly begun: number
  readonly skipped: string[]
  passed: number
  failed: number
}

/** What is known of a process of tests. */
export class Watch {
  private readonly waiting: string[]
  private output = ''
  private cpuBefore = 0
  private current?: Current
  /** The file that began last. */
  private last?: string
  private trouble?: string
  private timer?: NodeJS.Timeout

  public constructor(private readonly of: Watched) {
    this.waiting = [...of.files]
  }

  /** Takes what the process has written. */
  public say(text: string): void {
    this.output += text
  }

  public hear(message: WorkerMessage): void {
    if ('begun' in message) this.begin(message.begun)
    else if ('ended' in message) this.end(message)
    else if ('done' in message)
      this.limit(this.of.endMs, `it does not end: ${this.of.endMs / 1000} s after its last test`)
    else this.count(message)
  }

  /** The process is gone: a file that had begun and not ended is its fault, else the one before. Answers the files that have not begun. */
  public close(code: number | string | null): readonly string[] {
    clearTimeout(this.timer)
    const trouble = this.trouble ?? (code === 0 ? undefined : `its process ended with ${code}`)
    const file = this.current?.file ?? this.last
    if (trouble !== undefined || this.current) this.fail(trouble ?? 'its process ended before its tests did')
    if (file !== undefined || this.waiting.length === 0) return this.waiting
    const [first, ...rest] = this.waiting
    this.begin(first)
    this.fail('its process did not start')
    return rest
  }

  private begin(file: string): void {
    this.waiting.splice(this.waiting.indexOf(file), 1)
    this.current = begunNow(file)
    this.last = file
    const seconds = this.of.limitOf(file)
    this.limit(seconds * 1000, `it hangs: it was stopped after ${seconds} s`)
  }

  private count({ title, outcome }: { readonly title: string; readonly outcome: Outcome }): void {
    if (!this.current) return
    if (outcome === 'skipped') this.current.skipped.push(title)
    else this.current[outcome] += 1
  }

  private end({ trouble, cpuSeconds }: { readonly trouble?: string; readonly cpuSeconds?: number }): void {
    clearTimeout(this.timer)
    const { current, output } = this
    if (!current) return
    this.current = undefined
    this.output = ''
    const { begun, ...counts } = current
    const seconds = (performance.now() - begun) / 1000
    const cpu = cpuSeconds === undefined ? undefined : cpuSeconds - this.cpuBefore
    this.cpuBefore = cpuSeconds ?? this.cpuBefore
    this.of.onResult({ ...counts, seconds, cpuSeconds: cpu, output, trouble })
  }

  private limit(ms: number, words: string): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.trouble = words
      this.of.stop()
    }, ms)
  }

  private fail(trouble: string): void {
    if (!this.current && this.last === undefined) return
    this.current ??= begunNow(this.last as string)
    this.end({ trouble })
  }
}

function begunNow(file: string): Current {
  return { file, passed: 0, failed: 0, skipped: [], begun: performance.now() }
}
