import { testEnvironment } from './tests/environment.mjs'
import { KILL_FACTOR, budgetOf } from './tests/budgets.mjs'
import { testFiles } from './tests/files.mjs'
import { plan, writeWeights } from './tests/plan.mjs'
import { Report } from './tests/report.mjs'
import { runFiles } from './tests/worker-process.mjs'

/**
 * The mocha tests of `files`, or those whose title contains `grep`, as jobs for a pool, each of which tells of every file that it has
 * run. `end` says what is to be said when all have been done, and answers how many passed and failed; a run that held no test at all
 * counts as one failure. With `record` it keeps the seconds of each file for the next plan.
 */
export function unitTests({ files = testFiles(), grep, node, say, record = false } = {}) {
  const environment = testEnvironment(node)
  const report = new Report({ total: files.length, isFiltered: grep !== undefined, say })
  const jobOf = (batch, seconds) => ({
    seconds,
    run: async () => {
      const left = await runFiles({
        files: batch,
        grep,
        node,
        env: environment,
        limitOf: (file) => KILL_FACTOR * budgetOf(file),
        onResult: (result) => report.add(result),
      })
      return left.length > 0 ? [jobOf(left, seconds)] : []
    },
  })
  const end = () => {
    if (record) writeWeights(report.seconds, testFiles())
    const { passed, failed } = report.end()
    return { passed, failed: failed + (passed + failed === 0 ? 1 : 0) }
  }
  return { jobs: plan(files).map((batch) => jobOf(batch.files, batch.seconds)), end }
}
