import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './lib/run.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'

const HELP = `npm run topology

Draws the services of each example and what goes between them, from their sources, into docs/topology.
`

if (process.argv.length > 2) console.log(HELP)
else await drawAll()

async function drawAll() {
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
    const { drawPictures } = await import('./topology/pictures.mjs')
    for (const { path, text } of await drawPictures()) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true })
      writeFileSync(join(ROOT, path), text)
      console.log(path)
    }
  } catch (error) {
    console.error(error.cause?.message ?? error.message)
    process.exitCode = 1
  }
}
