import { join } from 'node:path'
import { isInstalled } from './lib/installed.mjs'
import { step } from './lib/progress'
import { ROOT, npm, runNode, runTypeScript } from './lib/run'
import { built } from './lib/steps'

/** `npm run bench`; bench/options.ts has its options. */
export async function main(args: readonly string[]): Promise<void> {
  await built(async () => {
    await ensurePeersInstalled()
    await step('types of the bench', () => runNode('typescript/bin/tsc', ['--noEmit', '-p', 'bench']))
    // Booster's packages are not loaded without a name for where they run.
    process.env.BOOSTER_ENV ??= 'bench'
    await runTypeScript('bench/main.ts', args)
  })
}

/** What the project is compared with is installed for the bench alone. */
async function ensurePeersInstalled(): Promise<void> {
  if (isInstalled(join(ROOT, 'bench'))) return
  await step('install what it is compared with', () => npm(['ci', '--prefix', 'bench', '--no-audit', '--no-fund']))
}
