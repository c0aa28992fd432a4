import { parseArgs } from 'node:util'
import { PROVIDERS, local as localProvider, providerNamed } from './providers'
import type { ChaosProvider } from './providers'
import { STREAMERS, local, streamerNamed } from './streamers'
import type { ChaosStreamer } from './streamers'

export const HELP = `npm run chaos [-- options]

Runs three Booster services in a chain, kills them at random instants and at every failpoint, and checks from outside that no event
was lost, doubled or reordered; a broker between them and a database server suffer too. Ends with 0 only if the run shows that. Its history is
kept in reports/chaos/STREAMER-PROVIDER-SEED.

  --streamer NAME    what the services stream with: ${STREAMERS.map(({ name }) => name).join(', ')} (default: ${local.name})
  --provider NAME    what they store with: ${PROVIDERS.map(({ name }) => name).join(', ')}, or sql for those of ours one after
                     another (default: ${localProvider.name})
  --events N         events in all (default: 5000)
  --kills N          how often a service is killed (default: 50)
  --seed N           what the faults are derived from (default: 1); the same seed, the same faults
  --dry-run          print the schedule, and run nothing
  --check FOLDER     judge the history in a folder again
  --mutant NAME      run with one guarantee broken: ends with 0 only if that is caught
  --mutants          run with each guarantee broken in turn: ends with 0 only if each is caught
  --lake             kill the recorders of an event lake instead; --lake --help has its options
  --help             this

Examples
  npm run chaos
  npm run chaos -- --events 500 --kills 20 --seed 7
  npm run chaos -- --streamer kafka --events 500 --kills 20
  npm run chaos -- --provider sql --events 500 --kills 20
  npm run chaos -- --provider postgres --streamer kafka --events 600 --kills 30
  npm run chaos -- --check reports/chaos/local-local-7
`

/** What `npm run chaos` is asked for. */
export interface ChaosOptions {
  readonly streamer: ChaosStreamer
  /** One run on each. */
  readonly providers: readonly ChaosProvider[]
  readonly events: number
  readonly kills: number
  readonly seed: number
  readonly dryRun: boolean
  readonly mutants: boolean
  readonly help: boolean
  readonly check?: string
  readonly mutant?: string
}

/** Undefined for options that it does not know, once it has said what it knows. */
export function parseChaosOptions(args: string[]): ChaosOptions | undefined {
  try {
    return parsed(args)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`)
    return undefined
  }
}

function parsed(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      streamer: { type: 'string', default: local.name },
      provider: { type: 'string', default: localProvider.name },
      events: { type: 'string', default: '5000' },
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      check: { type: 'string' },
      mutant: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { check, mutant, mutants, help } = values
  const streamer = streamerNamed(values.streamer)
  const isLocal = streamer === local && values.provider === localProvider.name
  if ((mutants || mutant !== undefined) && !isLocal) {
    throw new Error(
      `Mutants run on --streamer ${local.name} --provider ${localProvider.name}: what they break is the core.`
    )
  }
  return {
    streamer,
    providers: providersNamed(values.provider),
    events: wholeNumber('events', values.events),
    kills: wholeNumber('kills', values.kills),
    seed: wholeNumber('seed', values.seed),
    dryRun: values['dry-run'],
    check,
    mutant,
    mutants,
    help,
  }
}

function providersNamed(name: string): readonly ChaosProvider[] {
  return name === 'sql' ? PROVIDERS.filter((provider) => provider !== localProvider) : [providerNamed(name)]
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} takes a whole number from 0, not '${text}'.`)
  return number
}
