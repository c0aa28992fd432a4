import { ensureNode24 } from './lib/node24'
import { reportFailure, summary } from './lib/progress'
import type { Counts } from './lib/progress'
import { ROOT } from './lib/run'
import { ensureBuilt } from './lib/steps'
import { namedFiles } from './lib/tests/files'
import { runPool, stopWorkersAtEnd } from './lib/tests/pool'
import { unitTests } from './lib/unit-tests'

/**
 * What works in another way there: from Node 24 on the SQLite engine is Node's own. These are the tests of what stands on it: the
 * embedded log, the embedded state, and a service's own store.
 */
const FOLDERS = [
  'packages/streamer-sqlite',
  'packages/local-streamer',
  'packages/streamers/test/state',
  'packages/framework-provider-sql/test/conformance',
  'packages/framework-provider-sql/test/database',
  'packages/framework-provider-sql/test/events',
  'packages/framework-provider-sql/test/operate',
  'packages/framework-provider-sql/test/read-models',
  'packages/framework-provider-sql/test/state',
]

/** `npm run test:node24`: runs them under Node 24, whatever Node runs this. */
export async function main(): Promise<void> {
  const result = await test()
  console.log(`\n${summary(result)}`)
  process.exitCode = result.failed === 0 ? 0 : 1
}

async function test(): Promise<Counts> {
  try {
    await ensureBuilt()
    const { jobs, end } = unitTests({ node: await ensureNode24(), files: namedFiles(FOLDERS, { cwd: ROOT }) })
    stopWorkersAtEnd()
    await runPool(jobs)
    return end()
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1 }
  }
}
