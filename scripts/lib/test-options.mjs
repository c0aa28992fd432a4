import { parseArgs } from 'node:util'

const GROUPS = ['format', 'imports', 'types', 'lint', 'unit']

export const HELP = `npm test [-- options]

Installs, builds, and runs every check and every test. The last line says how many passed and failed.

  --only GROUP   one group alone, or several with the option repeated: ${GROUPS.join(', ')}
  --grep TEXT    the unit tests whose title contains TEXT
  --help         this

Examples
  npm test
  npm test -- --only unit
  npm test -- --only lint --only format
  npm test -- --grep 'addresses'
`

/** What `npm test` is asked for. Ends the process with a message for options that it does not know. */
export function parseTestOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true },
        grep: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const unknown = values.only?.find((group) => !GROUPS.includes(group))
    if (unknown !== undefined) throw new Error(`--only takes ${GROUPS.join(', ')}, not '${unknown}'.`)
    return {
      groups: values.only ?? (values.grep === undefined ? GROUPS : ['unit']),
      grep: values.grep,
      help: values.help,
    }
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
}
