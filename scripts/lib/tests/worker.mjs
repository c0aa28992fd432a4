import { readFileSync } from 'node:fs'
import Mocha from 'mocha'

/**
 * Runs test files with mocha, one after another, and tells the runner of each. Mocha's `spec` report goes to stdout.
 * Arguments: what the files are run with, as JSON: `{ files, grep }`.
 */
const { files, grep } = JSON.parse(process.argv[2])
const { timeout, 'forbid-only': forbidOnly } = JSON.parse(readFileSync('.mocharc.json', 'utf8'))

// Whoever started this is gone: nobody will stop what the tests have started.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
process.channel.unref()
// Mocha passes a rejection that nobody handles on to the process, where nobody listens.
process.on('unhandledRejection', (reason) => {
  throw reason
})

for (const file of files) {
  process.send({ begun: file })
  try {
    await runFile(file)
  } catch (error) {
    console.error(error)
    process.send({ file, failed: 1, title: 'the file cannot be loaded' })
  }
  process.send({ ended: file })
}
process.send({ done: true })

async function runFile(file) {
  const mocha = new Mocha({ timeout, forbidOnly, reporter: TellingReporter, reporterOptions: { file } })
  if (grep !== undefined) mocha.fgrep(grep)
  mocha.addFile(file)
  await mocha.loadFilesAsync()
  await new Promise((resolve) => mocha.run(resolve))
}

function TellingReporter(runner, options) {
  const { file } = options.reporterOptions
  const tell = (outcome) => (test) => process.send({ file, title: test.fullTitle(), ...outcome })
  runner.on('pass', tell({ passed: 1 }))
  runner.on('fail', tell({ failed: 1 }))
  runner.on('pending', tell({ skipped: 1 }))
  return new Mocha.reporters.Spec(runner, options)
}
