import { readFileSync } from 'node:fs'
import Mocha from 'mocha'
import { PATIENCE } from './patience.mjs'

/**
 * Runs test files with mocha, one after another, and tells the runner of each. Mocha's `spec` report goes to stdout.
 * Arguments: what the files are run with, as JSON: `{ files, grep }`.
 */
const TICKS_A_SECOND = 100
/** Milliseconds after its last test in which a process should have ended. */
const SAY_OPEN_MS = 10_000
const { files, grep } = JSON.parse(process.argv[2])
const { timeout, 'forbid-only': forbidOnly } = JSON.parse(readFileSync('.mocharc.json', 'utf8'))

// Whoever started this is gone: nobody will stop what the tests have started.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
process.channel.unref()
// Mocha passes a rejection that nobody handles on to the process, where nobody listens.
process.on('unhandledRejection', (reason) => {
  throw reason
})

bePatient()
for (const file of files) {
  process.send({ begun: file })
  try {
    await runFile(file)
  } catch (error) {
    console.error(error)
    process.send({ file, failed: 1, title: 'the file cannot be loaded' })
  }
  process.send({ ended: file, cpuSeconds: cpuSeconds() })
}
process.send({ done: true })
setTimeout(() => console.error(`Still open: ${process.getActiveResourcesInfo().join(', ')}`), SAY_OPEN_MS).unref()

/** Seconds of processor time of this process and of its children that have ended, so far; undefined where there is no /proc. */
function cpuSeconds() {
  if (process.platform !== 'linux') return undefined
  // proc(5): utime, stime, cutime and cstime are fields 14 to 17; the second, in parentheses, may hold blanks.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ')
  return fields.slice(11, 15).reduce((total, ticks) => total + Number(ticks), 0) / TICKS_A_SECOND
}

async function runFile(file) {
  const mocha = new Mocha({ timeout, forbidOnly, reporter: TellingReporter, reporterOptions: { file } })
  if (grep !== undefined) mocha.fgrep(grep)
  mocha.addFile(file)
  await mocha.loadFilesAsync()
  await new Promise((resolve) => mocha.run(resolve))
}

/** Every time-out of mocha, also one that a suite or a test sets, is so many times as long. */
function bePatient() {
  const { prototype } = Mocha.Runnable
  const { timeout } = prototype
  prototype.timeout = function (...ms) {
    return ms.length > 0 ? timeout.apply(this, ms) : timeout.call(this) * PATIENCE
  }
}

function TellingReporter(runner, options) {
  const { file } = options.reporterOptions
  const tell = (outcome) => (test) => process.send({ file, title: test.fullTitle(), ...outcome })
  runner.on('pass', tell({ passed: 1 }))
  runner.on('fail', tell({ failed: 1 }))
  runner.on('pending', tell({ skipped: 1 }))
  return new Mocha.reporters.Spec(runner, options)
}
