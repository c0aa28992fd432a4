import { ensureNode24 } from './lib/node24.mjs'
import { reportFailure, summary } from './lib/progress.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'
import { runUnitTests } from './lib/unit-tests.mjs'

/** The unit tests under Node 24, whatever Node runs this. */
const result = await test()
console.log(`\n${summary(result)}`)
process.exitCode = result.failed === 0 ? 0 : 1

async function test() {
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
    return await runUnitTests({ node: await ensureNode24() })
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1 }
  }
}
