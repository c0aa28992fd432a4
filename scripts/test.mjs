import { reportFailure, summary } from './lib/progress.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'
import { HELP, parseTestOptions } from './lib/test-options.mjs'
import { runPool, stopWorkersAtEnd } from './lib/tests/pool.mjs'

const options = parseTestOptions(process.argv.slice(2))
if (options.help) {
  console.log(HELP)
} else {
  const result = await test(options)
  console.log(`\n${summary(result)}`)
  process.exitCode = result.failed === 0 ? 0 : 1
}

async function test({ groups, jobs, ...options }) {
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1 }
  }
  const { checkJobs, staticChecks } = await import('./lib/static-checks.mjs')
  const { unitTests } = await import('./lib/unit-tests.mjs')
  const parts = [checkJobs(staticChecks().filter(({ group }) => groups.includes(group)))]
  if (groups.includes('unit')) parts.push(unitTests(options))
  stopWorkersAtEnd()
  await runPool(
    parts.flatMap((part) => part.jobs),
    jobs
  )
  const results = parts.map((part) => part.end())
  return { passed: sum(results, 'passed'), failed: sum(results, 'failed') }
}

function sum(results, name) {
  return results.reduce((total, result) => total + result[name], 0)
}
