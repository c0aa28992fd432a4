import type { Counts } from '../progress'
import { budgetOf } from './budgets'

const SLOWEST = 10

/** What came of one file, or of a part of one. */
export interface FileResult extends Counts {
  readonly file: string
  /** The titles of those that were skipped. */
  readonly skipped: readonly string[]
  readonly seconds: number
  /** Of a processor, with the children that have ended; undefined where that cannot be known. */
  readonly cpuSeconds?: number
  readonly output: string
  /** What went wrong beside the tests, in words. */
  readonly trouble?: string
}

type Counted = FileResult & { readonly troubles: readonly string[] }

/** Tells of each test file as it ends, and of all of them at the end. */
export class Report {
  private readonly total: number
  private readonly isFiltered: boolean
  private readonly on: string
  private readonly say: (line: string) => void
  private readonly results: Counted[] = []
  private readonly skipped: string[] = []
  private readonly failures: Counted[] = []

  public constructor(of: { total: number; isFiltered?: boolean; on?: string; say?: (line: string) => void }) {
    this.total = of.total
    this.isFiltered = of.isFiltered ?? false
    this.on = of.on === undefined ? '' : ` on ${of.on}`
    this.say = of.say ?? console.log
  }

  /** Takes what came of one file, or of a part of one. */
  public add(result: FileResult): void {
    const { file, passed, failed, skipped } = result
    const troubles = [result.trouble, overBudget(result), this.holdsNothing(result)].filter(
      (one): one is string => one !== undefined
    )
    const counted = { ...result, failed: failed + troubles.length, troubles }
    this.results.push(counted)
    this.skipped.push(...skipped.map((title) => `${file}: ${title}`))
    if (passed + failed + skipped.length + troubles.length > 0) this.say(lineOf(counted, this.progress()))
    if (counted.failed === 0) return
    this.failures.push(counted)
    this.say(inFull(counted))
  }

  /** Says what a reader of the end wants to know; answers the counts. */
  public end(): Counts {
    const slowest = [...this.results].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
    if (this.total > 1) {
      this.say(`\nThe slowest files${this.on}`)
      for (const { file, seconds, cpuSeconds } of slowest)
        this.say(`${seconds.toFixed(1).padStart(8)} s  ${file}${cpu(cpuSeconds)}`)
    }
    if (this.skipped.length > 0) this.say(`\nSkipped${this.on}\n${this.skipped.map((line) => `  ${line}`).join('\n')}`)
    if (this.failures.length > 0) this.say(`\nWhat failed\n${this.failures.map(inFull).join('\n')}`)
    return { passed: sum(this.results, 'passed'), failed: sum(this.results, 'failed') }
  }

  /** Seconds by file. */
  public get seconds(): Record<string, number> {
    const seconds: Record<string, number> = {}
    for (const result of this.results) seconds[result.file] = (seconds[result.file] ?? 0) + result.seconds
    return seconds
  }

  /** Where tests were chosen by their title many files hold none of them. */
  private holdsNothing({ passed, failed, skipped, trouble }: FileResult): string | undefined {
    const isEmpty = passed + failed + skipped.length === 0
    return isEmpty && !this.isFiltered && trouble === undefined ? 'it holds no test' : undefined
  }

  private progress(): string {
    const done = new Set(this.results.map(({ file }) => file)).size
    return `${done}/${this.total}${this.on}`
  }
}

function overBudget({ file, seconds, trouble }: FileResult): string | undefined {
  const budget = budgetOf(file)
  if (trouble !== undefined || seconds <= budget) return undefined
  return `it took ${seconds.toFixed(0)} s, and its budget is ${budget} s (scripts/lib/tests/budgets.ts)`
}

const cpu = (cpuSeconds?: number): string => (cpuSeconds === undefined ? '' : ` (cpu ${cpuSeconds.toFixed(1)} s)`)

function lineOf({ file, passed, failed, skipped, seconds, cpuSeconds }: Counted, progress: string): string {
  const counts = [`${passed} passed`, failed && `${failed} failed`, skipped.length && `${skipped.length} skipped`]
  const words = counts.filter(Boolean).join(', ')
  return `${failed ? '✗' : '✓'} ${file.padEnd(62)} ${words.padEnd(22)}${seconds.toFixed(1).padStart(7)} s${cpu(cpuSeconds)}  ${progress}`
}

function inFull({ file, troubles, output }: Counted): string {
  const trouble = troubles.map((each) => `\n${file}: ${each}`).join('')
  return `\n── ${file}\n${output.trimEnd()}${trouble}\n`
}

const sum = (results: readonly Counts[], name: keyof Counts): number =>
  results.reduce((total, result) => total + result[name], 0)
