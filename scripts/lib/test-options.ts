import { DEFAULT_JOBS } from './tests/pool'
import { namedFiles } from './tests/files'
import { parsed, wholeNumber } from './options'

const GROUPS = ['format', 'imports', 'types', 'packages', 'words', 'lint', 'unit']

const HELP = `npm test [-- [options] FILE…]

Installs, builds, and runs every check and every test, or the tests of FILE, or of the folder FILE. Several files are run side
by side. The last line says how many passed and failed.

  --only GROUP   one group alone, or several with the option repeated: ${GROUPS.join(', ')}
  --grep TEXT    the unit tests whose title contains TEXT
  --jobs N       so many processes side by side; default ${DEFAULT_JOBS} here, three more than processors
  --node24       beside them, the tests that 'npm run test:node24' runs, under Node 24
  --record       keep the seconds of each file in scripts/test-weights.json, by which the next runs are planned
  --help         this

A file that takes longer than its budget (scripts/lib/tests/budgets.ts) fails; on a slow or busy machine set
STREAMERS_TEST_PATIENCE=3 to have three times as long. CI=true makes a server that cannot be had a failure.

Examples
  npm test
  npm test -- --only unit
  npm test -- --only lint --only format
  npm test -- --grep 'addresses'
  npm test -- packages/nats-streamer/test/consume/poll.test.ts
  npm test -- packages/nats-streamer
`
const OPTIONS = {
  only: { type: 'string', multiple: true },
  grep: { type: 'string' },
  jobs: { type: 'string' },
  node24: { type: 'boolean' },
  record: { type: 'boolean' },
} as const

/** What `npm test` is asked for. */
export interface TestOptions {
  readonly groups: readonly string[]
  readonly files?: readonly string[]
  readonly grep?: string
  readonly jobs: number
  /** Whether the tests for Node 24 run in the same pool. */
  readonly node24: boolean
  readonly record?: boolean
}

/** What the arguments of `npm test` ask for. Ends the process with a message for options that it does not know. */
export function parseTestOptions(args: readonly string[]): TestOptions {
  return parsed(args, HELP, { options: OPTIONS, allowPositionals: true }, ({ values, positionals }) => {
    const { only, grep, record, jobs, node24 = false } = values
    const unknown = only?.find((group) => !GROUPS.includes(group))
    if (unknown !== undefined) throw new Error(`--only takes ${GROUPS.join(', ')}, not '${unknown}'.`)
    const files = positionals.length > 0 ? namedFiles(positionals) : undefined
    return {
      groups: only ?? (grep !== undefined || files ? ['unit'] : GROUPS),
      files,
      grep,
      jobs: jobs === undefined ? DEFAULT_JOBS : wholeNumber('--jobs', jobs),
      node24,
      record,
    }
  })
}
