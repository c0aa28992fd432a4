import { ensureNode24 } from './lib/node24/install'
import { node24Tests } from './lib/node24/tests'
import { reportFailure, summary } from './lib/progress'
import type { Counts } from './lib/progress'
import { ensureBuilt } from './lib/steps'
import { runPool, stopWorkersAtEnd } from './lib/tests/pool'

/** `npm run test:node24`: runs them under Node 24, whatever Node runs this. */
export async function main(): Promise<void> {
  const result = await test()
  console.log(`\n${summary(result)}`)
  process.exitCode = result.failed === 0 ? 0 : 1
}

async function test(): Promise<Counts> {
  try {
    await ensureBuilt()
    const { jobs, end } = node24Tests(await ensureNode24())
    stopWorkersAtEnd()
    await runPool(jobs)
    return end()
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1 }
  }
}
