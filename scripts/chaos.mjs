import { reportFailure } from './lib/progress.mjs'
import { CommandFailed, run } from './lib/run.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'

try {
  ensureNode()
  await ensureInstalled()
  await ensureBuilt()
  await run(process.execPath, ['--import', 'tsx', 'chaos/main.ts', ...process.argv.slice(2)], { show: true })
} catch (error) {
  if (!(error instanceof CommandFailed) || error.cause.message !== '') reportFailure(error)
  process.exitCode = 1
}
