import { StreamerError } from '@boostercloud/streamer-connector'
import { Command, Option } from 'commander'
import { environmentOption } from '../../terminal/environment'
import { finish } from '../../terminal/output'
import type { Compatibility, Subjects } from '../../schemas'
import { checkSamples } from './check-samples'

interface CheckOptions {
  readonly against?: string
  readonly subjects: Subjects
  readonly namespace?: string
  readonly samples?: string
  readonly local?: string
  readonly environment: string
  readonly compatibility?: Compatibility
  readonly services: readonly string[]
  readonly json?: boolean
}

/** `boost-streamers contracts check`. */
export function contractsCheckCommand(): Command {
  return new Command('check')
    .description(
      'report what has changed in the events of a folder, what it breaks, and how to fix it; exits with 1 if it breaks something'
    )
    .argument('[folder]', "the folder of a service or of a contract's package, with its tsconfig.json", '.')
    .option(
      '-a, --against <what>',
      "a branch, tag or commit; a folder of sources, or of extracted schemas; or a schema registry's URL"
    )
    .addOption(
      new Option(
        '-c, --compatibility <kind>',
        'backward: new code reads old data; forward: old code reads new data; full: both. Default: the mode of each subject of a registry, else full'
      ).choices(['backward', 'forward', 'full'])
    )
    .option('-s, --services <folders...>', "the services' folders, to report whose handlers read what has changed", [])
    .addOption(
      new Option('--subjects <kind>', 'how the registry names its subjects')
        .choices(['topic', 'record', 'topicRecord'])
        .default('topic')
    )
    .option('--namespace <name>', 'the namespace of the records, if the registry names its subjects after records')
    .option(
      '--samples <what>',
      'recorded events that the built code must still be able to read: a file that tail --json has written, or an address of the app'
    )
    .option('--local <path>', 'read the address from the embedded log in this folder')
    .addOption(environmentOption())
    .option('--json', 'print one JSON object per line')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers contracts check --against main
  $ boost-streamers contracts check packages/contracts --against origin/main --services services/*
  $ boost-streamers contracts check --against schemas --compatibility forward
  $ boost-streamers contracts check --against http://127.0.0.1:8081 --compatibility backward
  $ boost-streamers contracts check --samples main-kafka/orders
  $ boost-streamers contracts check --against origin/main --samples recorded-orders.jsonl`
    )
    .action(check)
}

async function check(folder: string, options: CheckOptions): Promise<void> {
  if (options.against === undefined && options.samples === undefined) throw nothingToCheck()
  const broken = options.against === undefined ? 0 : await compareWith(folder, options.against, options)
  const failed = options.samples === undefined ? 0 : await checkSamples(folder, options.samples, options)
  await finish(broken + failed > 0 ? 1 : 0)
}

/** The compiler is loaded where it is needed: that takes longer than all the rest of the command line. */
async function compareWith(folder: string, against: string, options: CheckOptions): Promise<number> {
  const { checkSchemas } = await import('../schemas/check-schemas')
  return checkSchemas(folder, against, options)
}

function nothingToCheck(): StreamerError {
  return new StreamerError('OPTION_INVALID', 'There is nothing to check against.', {
    at: 'contracts check',
    hint: 'Give --against a branch, a folder or a registry, or --samples a file or an address, or both.',
  })
}
