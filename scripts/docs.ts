import { parsed } from './lib/options'
import { runTypeScript } from './lib/run'
import { built } from './lib/steps'

const HELP = `npm run docs [-- --serve]

Builds the documentation site into the folder site: docs, the READMEs of packages and examples, and the API reference from the
doc comments. It needs the network only to install its tools, once.

  --serve   serve the site at 127.0.0.1 afterwards, until Ctrl-C
  --help    this
`

/** `npm run docs`. */
export async function main(args: readonly string[]): Promise<void> {
  const serve = parsed(args, HELP, { options: { serve: { type: 'boolean' } } }, ({ values }) => values.serve === true)
  await built(() => runTypeScript('scripts/docs/main.ts', serve ? ['--serve'] : []))
}
