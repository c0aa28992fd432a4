import { parsed } from './lib/options'
import { runTypeScript } from './lib/run'
import { built } from './lib/steps'

const HELP = `npm run nightly [-- options]

Runs the long forms of what npm test has short forms of, one after another, and writes one report: chaos with every streamer on every provider, its
mutants, a million malformed messages, the conformance suite of every connector, and the benchmarks. A part that fails does not stop the next one.
Exit code 1 when any failed. Takes some hours; what each part says is in reports/nightly.

  --only NAME     the parts whose name begins so; may be repeated
  --short         each part as short as it can be, to try it out
  --report FILE   where the report is written (reports/nightly.md)
  --list          prints the parts and their commands, and runs nothing
  --help          this

Examples
  npm run nightly
  npm run nightly -- --only 'chaos kafka' --only fuzz
  npm run nightly -- --short --only conformance
`
const OPTIONS = {
  only: { type: 'string', multiple: true },
  short: { type: 'boolean' },
  report: { type: 'string' },
  list: { type: 'boolean' },
} as const

/** `npm run nightly`. */
export async function main(args: readonly string[]): Promise<void> {
  const order = parsed(args, HELP, { options: OPTIONS }, ({ values }) => values)
  await built(() => runTypeScript('scripts/nightly/main.ts', [JSON.stringify(order)]))
}
