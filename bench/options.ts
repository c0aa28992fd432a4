import { parseArgs } from 'node:util'

/** What can be measured. */
export const SUITES = [
  'kafka',
  'rabbitmq',
  'nats',
  'local',
  'core',
  'store',
  'sweep',
  'drain',
  'lake',
  'start',
] as const
/** Of a broker. */
export const MEASURES = ['publish', 'poll', 'way', 'failing'] as const

export const HELP = `npm run bench [-- options]

Measures this project beside the bare clients and beside what people would use instead, in turn, in one run on this machine.
Figures are medians with the lowest and the highest round. Nothing is asserted: compare the figures of one run with each other.
A suite takes up to 25 minutes on two processors that nobody else uses, with --quick up to ten.

  --only NAMES      of ${SUITES.join(', ')}; several with commas (default: all)
  --measure NAMES   of a broker: ${MEASURES.join(', ')}; several with commas (default: all)
  --quick           fewer rounds and events
  --rounds N        how many rounds (default: 5, with --quick 3, of the store 1)
  --json FILE       the figures of every round (default: reports/bench.json)
  --write           write docs/reference/benchmarks.md and its charts; what is not measured now stays as it was
  --help            this

What they are
  kafka, rabbitmq, nats   publishing, polling and the whole way to a handler, without and with failures
  local                   the embedded log, the more is stored
  core                    what receiver and relay cost by themselves, the inbox on SQLite, on PostgreSQL and absent
  store                   from a command to its read model, beside Booster's local provider
  sweep                   the start after a crash, the more is stored
  drain                   a backlog that is published, and what commands notice of it
  lake                    what the event lake records, keeps and gives back, on the embedded log
  start                   from npm start to the first event

Examples
  npm run bench -- --quick --only kafka
  npm run bench -- --only kafka --measure publish,poll
  npm run bench -- --write
  npm run bench -- --only rabbitmq,nats --write
`

/** What `npm run bench` is asked for. */
export interface BenchOptions {
  readonly suites: readonly (typeof SUITES)[number][]
  readonly measures: readonly (typeof MEASURES)[number][]
  readonly quick: boolean
  readonly rounds?: number
  readonly json: string
  readonly write: boolean
  readonly help: boolean
}

/** Throws for what it does not know. */
export function parseBenchOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      measure: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      json: { type: 'string', default: 'reports/bench.json' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { quick, json, write, help } = values
  const measures = namesOf('measure', values.measure, MEASURES)
  if (write && measures.length < MEASURES.length) throw new Error('--write needs every measure: leave --measure out.')
  return {
    suites: namesOf('only', values.only, SUITES),
    measures,
    quick,
    rounds: roundsOf(values.rounds),
    json,
    write,
    help,
  }
}

function namesOf<Name extends string>(
  option: string,
  given: string | undefined,
  known: readonly Name[]
): readonly Name[] {
  if (given === undefined) return known
  const names = given.split(',')
  const unknown = names.find((name) => !known.includes(name as Name))
  if (unknown !== undefined) throw new Error(`--${option} takes ${known.join(', ')}, not '${unknown}'.`)
  return known.filter((name) => names.includes(name))
}

function roundsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const rounds = Number(text)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1, not '${text}'.`)
  return rounds
}
