import { parsed } from './lib/options'
import { runTypeScript } from './lib/run'
import { built } from './lib/steps'

const HELP = `npm run conformance [-- options]

Runs the conformance suite on every connector, prints a table of connectors and cases, and writes reports/conformance.json.
Exit code 1 when a case failed.

  --connector NAME   the columns whose name begins so; may be repeated
  --help             this

Examples
  npm run conformance
  npm run conformance -- --connector local
  npm run conformance -- --connector 'rabbitmq (competing)'
`
const OPTIONS = { connector: { type: 'string', multiple: true } } as const

/** `npm run conformance`. What the columns start in processes of their own is TypeScript too. */
export async function main(args: readonly string[]): Promise<void> {
  const connectors = parsed(args, HELP, { options: OPTIONS }, ({ values }) => values.connector ?? [])
  await built(() => runTypeScript('scripts/conformance/main.ts', connectors))
}
