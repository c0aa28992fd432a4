import { resolve } from 'node:path'
import { ROOT } from '../lib/run'
import { partsOf, partsNamed } from './parts'
import { runParts } from './run-parts'

interface Order {
  readonly only?: readonly string[]
  readonly short?: boolean
  readonly report?: string
  readonly list?: boolean
}

async function main({ only = [], short = false, report = 'reports/nightly.md', list }: Order): Promise<void> {
  const parts = partsNamed(only, partsOf(short))
  if (list) {
    for (const { name, script, args } of parts)
      console.log(`${name.padEnd(32)} npm run ${[script, '--', ...args].join(' ')}`)
    return
  }
  const failed = await runParts(parts, { report: resolve(ROOT, report) })
  process.exitCode = failed === 0 ? 0 : 1
}

main(JSON.parse(process.argv[2]) as Order).catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 2
})
