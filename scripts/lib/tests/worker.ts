import { readFileSync } from 'node:fs'
import Mocha from 'mocha'
import type { MochaOptions, Runner, Test } from 'mocha'
import type { Outcome, WorkerMessage } from './messages'
import { PATIENCE } from './patience'

/**
 * Runs test files with mocha, one after another, and tells the runner of each. Mocha's `spec` report goes to stdout.
 * Arguments: what the files are run with, as JSON: `{ files, grep }`.
 */
const TICKS_A_SECOND = 100
/** Milliseconds after its last test in which a process should have ended. */
const SAY_OPEN_MS = 10_000
/** What a file imports to have variables set: it does so for each file, although a process loads a module once. */
const SETS_ENVIRONMENT = /[\\/]test[\\/]support[\\/]environment[.]ts$/

interface Order {
  readonly files: readonly string[]
  readonly grep?: string
}

async function main({ files, grep }: Order): Promise<void> {
  const { timeout, 'forbid-only': forbidOnly } = JSON.parse(readFileSync('.mocharc.json', 'utf8')) as {
    readonly timeout: number
    readonly 'forbid-only': boolean
  }
  bePatient()
  const environment = { ...process.env }
  for (const file of files) {
    setEnvironment(environment)
    tell({ begun: file })
    try {
      await runFile(file, { timeout, forbidOnly, fgrep: grep })
    } catch (error) {
      console.error(error)
      tell({ title: 'the file cannot be loaded', outcome: 'failed' })
    }
    tell({ ended: file, cpuSeconds: cpuSeconds() })
  }
  tell({ done: true })
  setTimeout(() => console.error(`Still open: ${process.getActiveResourcesInfo().join(', ')}`), SAY_OPEN_MS).unref()
}

/** What one file sets, the processes that the next one starts must not see. */
function setEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
  for (const path of Object.keys(require.cache)) if (SETS_ENVIRONMENT.test(path)) delete require.cache[path]
}

function tell(message: WorkerMessage): void {
  process.send?.(message)
}

/** Seconds of processor time of this process and of its children that have ended, so far; undefined where there is no /proc. */
function cpuSeconds(): number | undefined {
  if (process.platform !== 'linux') return undefined
  // proc(5): utime, stime, cutime and cstime are fields 14 to 17; the second, in parentheses, may hold blanks.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').slice(-1)[0].split(' ')
  return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0) / TICKS_A_SECOND
}

async function runFile(file: string, { fgrep, ...options }: MochaOptions): Promise<void> {
  const mocha = new Mocha({ ...options, reporter: TellingReporter })
  if (typeof fgrep === 'string') mocha.fgrep(fgrep)
  mocha.addFile(file)
  await mocha.loadFilesAsync()
  await new Promise<number>((resolve) => mocha.run(resolve))
}

/** Every time-out of mocha, also one that a suite or a test sets, is so many times as long. */
function bePatient(): void {
  const { prototype } = Mocha.Runnable
  const set = prototype.timeout as (this: object, ms: string | number) => object
  const get = prototype.timeout as (this: object) => number
  Object.assign(prototype, {
    timeout(this: object, ms?: string | number) {
      return ms === undefined ? get.call(this) * PATIENCE : set.call(this, ms)
    },
  })
}

class TellingReporter extends Mocha.reporters.Spec {
  public constructor(runner: Runner, options: MochaOptions) {
    super(runner, options)
    const outcome = (one: Outcome) => (test: Test) => tell({ title: test.fullTitle(), outcome: one })
    runner.on('pass', outcome('passed'))
    runner.on('fail', outcome('failed'))
    runner.on('pending', outcome('skipped'))
  }
}

// Whoever started this is gone: nobody will stop what the tests have started.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
process.channel?.unref()
// Mocha passes a rejection that nobody handles on to the process, where nobody listens.
process.on('unhandledRejection', (reason) => {
  throw reason
})
void main(JSON.parse(process.argv[2]) as Order)
