import type { Part } from './static-checks'
import { KILL_FACTOR, budgetOf } from './tests/budgets'
import { testEnvironment } from './tests/environment'
import { testFiles } from './tests/files'
import { plan, writeWeights } from './tests/plan'
import type { Job } from './tests/pool'
import { Report } from './tests/report'
import { runFiles } from './tests/worker-process'

/** Which mocha tests are run, and how. */
export interface UnitTests {
  /** Paths from the root. Default: all that there are. */
  readonly files?: readonly string[]
  /** Those whose title contains it. */
  readonly grep?: string
  /** Another Node, and what it is called beside each file. */
  readonly node?: string
  readonly nodeName?: string
  readonly say?: (line: string) => void
  /** Whether the seconds of each file are kept for the next plan. */
  readonly record?: boolean
}

/**
 * Mocha tests as jobs for a pool, each of which tells of every file that it has run. `end` says what is to be said when all have been done, and answers how many
 * passed and failed; a run that held no test at all counts as one failure.
 */
export function unitTests({ files = testFiles(), grep, node, nodeName, say, record = false }: UnitTests = {}): Part {
  const env = testEnvironment(node)
  const report = new Report({ total: files.length, isFiltered: grep !== undefined, on: nodeName, say })
  const jobOf = (batch: readonly string[], seconds: number): Job => ({
    seconds,
    run: async () => {
      const left = await runFiles({
        files: batch,
        grep,
        node,
        env,
        limitOf: (file) => KILL_FACTOR * budgetOf(file),
        onResult: (result) => report.add(result),
      })
      return left.length > 0 ? [jobOf(left, seconds)] : []
    },
  })
  return {
    jobs: plan(files).map((batch) => jobOf(batch.files, batch.seconds)),
    end: () => {
      if (record) writeWeights(report.seconds, testFiles())
      const { passed, failed } = report.end()
      return { passed, failed: failed + (passed + failed === 0 ? 1 : 0) }
    },
  }
}
