import { parseArgs } from 'node:util'
import { CommandFailed, run } from './lib/run.mjs'
import { ensureBuilt, ensureInstalled, ensureNode } from './lib/steps.mjs'

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

const options = parseOptions(process.argv.slice(2))
if (options.help) console.log(HELP)
else await conformance(options.connector ?? [])

/** The columns are TypeScript, and so is what they start in processes of their own. */
async function conformance(connectors) {
  try {
    ensureNode()
    await ensureInstalled()
    await ensureBuilt()
    await run(process.execPath, ['--import', 'tsx', 'scripts/conformance/main.mjs', ...connectors], { show: true })
  } catch (error) {
    if (!(error instanceof CommandFailed)) console.error(error.cause?.message ?? error.message)
    process.exitCode = 1
  }
}

function parseOptions(args) {
  try {
    const option = { type: 'string', multiple: true }
    return parseArgs({ args, options: { connector: option, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
}
