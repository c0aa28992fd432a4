import { parseArgs } from 'node:util'
import { DEFAULT_JOBS } from './tests/pool.mjs'
import { namedFiles } from './tests/files.mjs'

const GROUPS = ['format', 'imports', 'types', 'packages', 'lint', 'unit']

export const HELP = `npm test [-- [options] FILE…]

Installs, builds, and runs every check and every test, or the tests of FILE, or of the folder FILE. Several files are run side
by side. The last line says how many passed and failed.

  --only GROUP   one group alone, or several with the option repeated: ${GROUPS.join(', ')}
  --grep TEXT    the unit tests whose title contains TEXT
  --jobs N       so many processes side by side; default ${DEFAULT_JOBS} here, two more than processors
  --record       keep the seconds of each file in scripts/test-weights.json, by which the next runs are planned
  --help         this

A file that takes longer than its budget (scripts/lib/tests/budgets.mjs) fails; on a slow or busy machine set
STREAMERS_TEST_PATIENCE=3 to have three times as long. CI=true makes a server that cannot be had a failure.

Examples
  npm test
  npm test -- --only unit
  npm test -- --only lint --only format
  npm test -- --grep 'addresses'
  npm test -- packages/nats-streamer/test/consume/poll.test.ts
  npm test -- packages/nats-streamer
`

/** What `npm test` is asked for. Ends the process with a message for options that it does not know. */
export function parseTestOptions(args) {
  try {
    return testOptions(args)
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`)
    process.exit(2)
  }
}

function testOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true },
      grep: { type: 'string' },
      jobs: { type: 'string' },
      record: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const { only, grep, record, help } = values
  const unknown = only?.find((group) => !GROUPS.includes(group))
  if (unknown !== undefined) throw new Error(`--only takes ${GROUPS.join(', ')}, not '${unknown}'.`)
  const jobs = Number(values.jobs ?? DEFAULT_JOBS)
  if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs takes a number from 1 on, not '${values.jobs}'.`)
  const files = positionals.length > 0 ? namedFiles(positionals) : undefined
  return { groups: only ?? (grep === undefined && !files ? GROUPS : ['unit']), files, grep, jobs, record, help }
}
