import { summary, reportFailure } from './lib/progress'
import type { Counts } from './lib/progress'
import { ensureNode24 } from './lib/node24/install'
import { node24Tests } from './lib/node24/tests'
import { checkJobs, staticChecks } from './lib/static-checks'
import { ensureBuilt } from './lib/steps'
import { parseTestOptions } from './lib/test-options'
import type { TestOptions } from './lib/test-options'
import { runPool, stopWorkersAtEnd } from './lib/tests/pool'
import { unitTests } from './lib/unit-tests'

/** `npm test`. */
export async function main(args: readonly string[]): Promise<void> {
  const result = await test(parseTestOptions(args))
  console.log(`\n${summary(result)}`)
  process.exitCode = result.failed === 0 ? 0 : 1
}

async function test({ groups, jobs, node24, ...options }: TestOptions): Promise<Counts> {
  let newerNode: string | undefined
  try {
    if (node24) newerNode = await ensureNode24()
    await ensureBuilt()
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1 }
  }
  const parts = [checkJobs(staticChecks().filter(({ group }) => groups.includes(group)))]
  if (groups.includes('unit')) parts.push(unitTests(options))
  if (newerNode !== undefined) parts.push(node24Tests(newerNode))
  stopWorkersAtEnd()
  await runPool(
    parts.flatMap((part) => part.jobs),
    jobs
  )
  const results = parts.map((part) => part.end())
  return { passed: sum(results, 'passed'), failed: sum(results, 'failed') }
}

function sum(results: readonly Counts[], name: keyof Counts): number {
  return results.reduce((total, result) => total + result[name], 0)
}
