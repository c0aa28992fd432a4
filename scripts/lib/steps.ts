import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { reportFailure, step } from './progress'
import { CommandFailed, ROOT, runNode } from './run'

const APPS = ['blog', 'heterogeneous', 'bridge', 'contracts', 'aws'].map((name) => `examples/${name}`)

/** Builds the packages, then the example apps with Booster's compiler plugin. What is up to date is left alone. */
export async function ensureBuilt(): Promise<void> {
  await step('build', () => runNode('typescript/bin/tsc', ['-b']))
  const apps = APPS.filter((app) => existsSync(join(ROOT, app, 'tsconfig.json')))
  if (apps.length > 0) await step(`build ${apps.join(', ')}`, () => runNode('ts-patch/bin/tspc.js', ['-b', ...apps]))
}

/** Builds, then does the work; what goes wrong is said, and is exit code 1. A command that has shown its own output has said it. */
export async function built(work: () => Promise<void>): Promise<void> {
  try {
    await ensureBuilt()
    await work()
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.output !== '') reportFailure(error)
    process.exitCode = 1
  }
}
