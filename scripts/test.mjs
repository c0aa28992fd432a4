import { reportFailure, summary } from './lib/progress.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'
import { HELP, parseTestOptions } from './lib/test-options.mjs'

const options = parseTestOptions(process.argv.slice(2))
if (options.help) {
  console.log(HELP)
} else {
  const result = await test(options)
  console.log(`\n${summary(result)}`)
  process.exitCode = result.failed === 0 ? 0 : 1
}

async function test({ groups, grep }) {
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
  } catch (error) {
    reportFailure(error)
    return { passed: 0, failed: 1 }
  }
  const { runStaticChecks, staticChecks } = await import('./lib/static-checks.mjs')
  const { runUnitTests } = await import('./lib/unit-tests.mjs')
  const checks = await runStaticChecks(staticChecks().filter(({ group }) => groups.includes(group)))
  const units = groups.includes('unit') ? await runUnitTests({ grep }) : { passed: 0, failed: 0 }
  return { passed: checks.passed + units.passed, failed: checks.failed + units.failed }
}
