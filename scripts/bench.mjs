import { join } from 'node:path'
import { isInstalled } from './lib/installed.mjs'
import { reportFailure, step } from './lib/progress.mjs'
import { CommandFailed, ROOT, npm, run, runNode } from './lib/run.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'

try {
  ensureNode()
  await ensureInstalled()
  await ensureBuilt()
  await ensurePeersInstalled()
  await step('types of the bench', () => runNode('typescript/bin/tsc', ['--noEmit', '-p', 'bench']))
  // Booster's packages are not loaded without a name for where they run.
  process.env.BOOSTER_ENV ??= 'bench'
  await run(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)], { show: true })
} catch (error) {
  if (!(error instanceof CommandFailed) || error.cause.message !== '') reportFailure(error)
  process.exitCode = 1
}

/** What the project is compared with is installed for the bench alone. */
async function ensurePeersInstalled() {
  if (isInstalled(join(ROOT, 'bench'))) return
  await step('install what it is compared with', () => npm(['ci', '--prefix', 'bench', '--no-audit', '--no-fund']))
}
