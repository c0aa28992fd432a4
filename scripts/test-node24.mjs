import { ensureNode24 } from './lib/node24.mjs'
import { reportFailure, summary } from './lib/progress.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'
import { testFiles } from './lib/tests/files.mjs'
import { runPool, stopWorkersAtEnd } from './lib/tests/pool.mjs'
import { unitTests } from './lib/unit-tests.mjs'

/** What works in another way there: from Node 24 on the SQLite engine is Node's own. */
const PACKAGES = ['streamer-connector', 'streamer-sqlite', 'local-streamer', 'streamers', 'streamers-cli']

/** The tests of what is built on the embedded database, under Node 24, whatever Node runs this. */
const result = await test()
console.log(`\n${summary(result)}`)
process.exitCode = result.failed === 0 ? 0 : 1

async function test() {
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
    const files = testFiles().filter((file) => PACKAGES.some((name) => file.startsWith(`packages/${name}/`)))
    const { jobs, end } = unitTests({ node: await ensureNode24(), files })
    stopWorkersAtEnd()
    await runPool(jobs)
    return end()
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1 }
  }
}
