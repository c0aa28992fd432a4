import { StreamerError } from '@boostercloud/streamer-connector'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { inspectService } from '../inspect'
import type { InspectedService } from '../inspect'
import { finish, json, print, printable } from '../output'
import { registryOptions } from '../registry'
import {
  baselineSchemas,
  breaks,
  compareSchemas,
  extractSchemas,
  isRegistry,
  readersOf,
  registeredSchemas,
} from '../schemas'
import type { Compatibility, EventSchema, SchemaChange, Subjects } from '../schemas'
import { checkSamples } from './check-samples'

interface CheckOptions {
  readonly against?: string
  readonly subjects: Subjects
  readonly namespace?: string
  readonly samples?: string
  readonly local?: string
  readonly environment: string
  readonly compatibility: Compatibility
  readonly services: readonly string[]
  readonly json?: boolean
}

/** `boost-streamers contracts check`. */
export function contractsCheckCommand(): Command {
  return new Command('check')
    .description(
      'say what has changed in the events of a folder, whether it breaks anything, whom, and what to do; ends with 1 if it does'
    )
    .argument('[folder]', "the folder of a service or of a contract's package, with its tsconfig.json", '.')
    .option(
      '-a, --against <what>',
      "a branch, tag or commit; a folder of sources, or of extracted schemas; or a schema registry's URL"
    )
    .addOption(
      new Option(
        '-c, --compatibility <kind>',
        'backward: new code reads old data; forward: old code reads new data; full: both'
      )
        .choices(['backward', 'forward', 'full'])
        .default('full')
    )
    .option('-s, --services <folders...>', "the services' folders, to say whose handlers read what has changed", [])
    .addOption(
      new Option('--subjects <kind>', 'what a registry calls its subjects by')
        .choices(['topic', 'record', 'topicRecord'])
        .default('topic')
    )
    .option('--namespace <name>', 'that of the records in a registry, where its subjects are called by them')
    .option(
      '--samples <what>',
      'recorded events, which the built code must still read: a file that tail --json has written, or an address of the app'
    )
    .option('--local <path>', 'the address is one of the embedded log in this folder')
    .option('-e, --environment <name>', "Booster's environment, with --samples", 'local')
    .option('--json', 'one JSON object a line')
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
  const broken = options.against === undefined ? 0 : await checkSchemas(folder, options.against, options)
  const failed = options.samples === undefined ? 0 : await checkSamples(folder, options.samples, options)
  await finish(broken + failed > 0 ? 1 : 0)
}

function nothingToCheck(): StreamerError {
  return new StreamerError('OPTION_INVALID', 'It is not said what to check against.', {
    at: 'contracts check',
    hint: 'Say --against a branch, a folder or a registry, or --samples a file or an address, or both.',
  })
}

/** Tells of what has changed; resolves with how many changes break what is to be kept. */
async function checkSchemas(folder: string, against: string, options: CheckOptions): Promise<number> {
  const { compatibility, services, json: asJson } = options
  const { before, after } = await comparedSchemas(folder, against, options)
  const changes = compareSchemas(before, after)
  const inspected = services.map((service) => inspectService(service))
  for (const change of changes) {
    const broken = breaks(change, compatibility)
    if (asJson) await print(json({ ...change, broken, readers: readersOf(change, inspected) }))
    else for (const line of linesOf(change, broken, inspected)) await print(line)
  }
  const count = changes.filter((change) => breaks(change, compatibility)).length
  if (!asJson)
    await print(
      count > 0
        ? pc.red(`${count} of ${changes.length} changes break compatibility`)
        : `${changes.length} changes, none breaks`
    )
  return count
}

async function comparedSchemas(
  folder: string,
  against: string,
  { subjects, namespace }: CheckOptions
): Promise<{ before: readonly EventSchema[]; after: readonly EventSchema[] }> {
  const after = extractSchemas(folder)
  if (!isRegistry(against)) return { before: await baselineSchemas(against, folder), after }
  return registeredSchemas(after, { registry: registryOptions(against), subjects, namespace })
}

function linesOf(change: SchemaChange, broken: boolean, services: readonly InspectedService[]): string[] {
  const { event, field, what, at, hint } = change
  const name = field === '' ? event : `${event}.${field}`
  const first = `${broken ? pc.red('✗') : pc.green('✓')} ${printable(`${name} ${what}  ${at}`)}`
  if (!broken) return [first]
  const readers = readersOf(change, services).map(
    ({ service, handler, at: place, certain }) =>
      `    ${certain ? 'read by' : 'handed on by'} ${printable(`${service}: ${handler}  ${place}`)}`
  )
  return [first, `    ${whom(change)}`, ...readers, `    ${printable(hint)}`]
}

function whom({ breaksBackward, breaksForward, waits }: SchemaChange): string {
  const old = 'new code can’t read events that were written before'
  const now = `services that are not updated yet ${waits ? 'park new events until they are' : 'can’t read new events'}`
  if (breaksBackward && breaksForward) return `${old}, and ${now}`
  return breaksBackward ? old : now
}
