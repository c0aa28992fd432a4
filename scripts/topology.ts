import { parsed } from './lib/options'
import { runTypeScript } from './lib/run'
import { built } from './lib/steps'

const HELP = `npm run topology

Draws the services of each example and what goes between them, from their sources, into docs/reference/topology.
`

/** `npm run topology`. What draws them is part of what was built. */
export async function main(args: readonly string[]): Promise<void> {
  parsed(args, HELP, { options: {} }, () => undefined)
  await built(() => runTypeScript('scripts/topology/main.ts', []))
}
