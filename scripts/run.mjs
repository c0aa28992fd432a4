// The entry of every script of this repository: `node scripts/run.mjs NAME [options]` runs scripts/NAME.ts. It is JavaScript, and so is what it
// imports, because a fresh clone has nothing yet that loads TypeScript: that is installed first.
import { createRequire } from 'node:module'
import { ensureInstalled, ensureNode } from './lib/installed.mjs'

const require = createRequire(import.meta.url)
const [name, ...args] = process.argv.slice(2)

try {
  ensureNode()
  ensureInstalled()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
require('tsx/cjs')
await require(`./${name}.ts`).main(args)
