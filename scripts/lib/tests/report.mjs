import { budgetOf } from './budgets.mjs'

const SLOWEST = 10

/** Tells of each test file as it ends, and of all of them at the end. */
export class Report {
  constructor({ total, isFiltered = false, say = console.log }) {
    Object.assign(this, { total, isFiltered, say, results: [], skipped: [], failures: [] })
  }

  /** Takes what came of one file, or of a part of one. */
  add(result) {
    const { file, passed, failed, skipped } = result
    const troubles = [result.trouble, overBudget(result), this.holdsNothing(result)].filter(Boolean)
    const counted = { ...result, failed: failed + troubles.length, troubles }
    this.results.push(counted)
    this.skipped.push(...skipped.map((title) => `${file}: ${title}`))
    if (passed + failed + skipped.length + troubles.length > 0) this.say(lineOf(counted, this.progress()))
    if (counted.failed === 0) return
    this.failures.push(counted)
    this.say(inFull(counted))
  }

  /** Where tests were chosen by their title many files hold none of them. */
  holdsNothing({ passed, failed, skipped, trouble }) {
    const isEmpty = passed + failed + skipped.length === 0
    return isEmpty && !this.isFiltered && trouble === undefined ? 'it holds no test' : undefined
  }

  progress() {
    const done = new Set(this.results.map(({ file }) => file)).size
    return `${done}/${this.total}`
  }

  /** Says what a reader of the end wants to know; answers the counts. */
  end() {
    const slowest = [...this.results].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)
    if (this.total > 1) {
      this.say(`\nThe slowest files`)
      for (const { file, seconds, cpuSeconds } of slowest)
        this.say(`${seconds.toFixed(1).padStart(8)} s  ${file}${cpu(cpuSeconds)}`)
    }
    if (this.skipped.length > 0) this.say(`\nSkipped\n${this.skipped.map((line) => `  ${line}`).join('\n')}`)
    if (this.failures.length > 0) this.say(`\nWhat failed\n${this.failures.map(inFull).join('\n')}`)
    return { passed: sum(this.results, 'passed'), failed: sum(this.results, 'failed') }
  }

  /** Seconds by file. */
  get seconds() {
    const seconds = {}
    for (const result of this.results) seconds[result.file] = (seconds[result.file] ?? 0) + result.seconds
    return seconds
  }
}

function overBudget({ file, seconds, trouble }) {
  const budget = budgetOf(file)
  if (trouble !== undefined || seconds <= budget) return undefined
  return `it took ${seconds.toFixed(0)} s, and its budget is ${budget} s (scripts/lib/tests/budgets.mjs)`
}

const cpu = (cpuSeconds) => (cpuSeconds === undefined ? '' : ` (cpu ${cpuSeconds.toFixed(1)} s)`)

function lineOf({ file, passed, failed, skipped, seconds, cpuSeconds }, progress) {
  const counts = [`${passed} passed`, failed && `${failed} failed`, skipped.length && `${skipped.length} skipped`]
  const words = counts.filter(Boolean).join(', ')
  return `${failed ? '✗' : '✓'} ${file.padEnd(62)} ${words.padEnd(22)}${seconds.toFixed(1).padStart(7)} s${cpu(cpuSeconds)}  ${progress}`
}

function inFull({ file, troubles, output }) {
  const trouble = troubles.map((each) => `\n${file}: ${each}`).join('')
  return `\n── ${file}\n${output.trimEnd()}${trouble}\n`
}

const sum = (results, name) => results.reduce((total, result) => total + result[name], 0)
