import { relative } from 'node:path'
import { reportFailure, step } from '../lib/progress'
import { ROOT } from '../lib/run'
import { buildSite, SITE } from './build'
import { serveFolder } from './serve'

async function main(args: readonly string[]): Promise<void> {
  try {
    const pages = await step('documentation site', () => buildSite())
    console.log(`${pages} pages in ${relative(ROOT, SITE)}`)
    if (args.includes('--serve')) console.log(`Serving at ${(await serveFolder(SITE)).url}. Ctrl-C ends it.`)
  } catch (error) {
    reportFailure(error)
    process.exitCode = 1
  }
}

void main(process.argv.slice(2))
