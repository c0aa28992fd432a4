import { Command, Option } from 'commander'
import pc from 'picocolors'
import { inspectService } from '../inspect'
import type { InspectedService } from '../inspect'
import { finish, json, print, printable } from '../output'
import { baselineSchemas, breaks, compareSchemas, extractSchemas, readersOf } from '../schemas'
import type { Compatibility, SchemaChange } from '../schemas'

interface CheckOptions {
  readonly against: string
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
    .requiredOption('-a, --against <what>', 'a branch, tag or commit; or a folder of sources, or of extracted schemas')
    .addOption(
      new Option(
        '-c, --compatibility <kind>',
        'backward: new code reads old data; forward: old code reads new data; full: both'
      )
        .choices(['backward', 'forward', 'full'])
        .default('full')
    )
    .option('-s, --services <folders...>', "the services' folders, to say whose handlers read what has changed", [])
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers contracts check --against main
  $ boost-streamers contracts check packages/contracts --against origin/main --services services/*
  $ boost-streamers contracts check --against schemas --compatibility forward`
    )
    .action(check)
}

async function check(folder: string, { against, compatibility, services, json: asJson }: CheckOptions): Promise<void> {
  const changes = compareSchemas(await baselineSchemas(against, folder), extractSchemas(folder))
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
  await finish(count > 0 ? 1 : 0)
}

function linesOf(change: SchemaChange, broken: boolean, services: readonly InspectedService[]): string[] {
  const { event, field, what, at, mend } = change
  const name = field === '' ? event : `${event}.${field}`
  const first = `${broken ? pc.red('✗') : pc.green('✓')} ${printable(`${name} ${what}  ${at}`)}`
  if (!broken) return [first]
  const readers = readersOf(change, services).map(
    ({ service, handler, at: place, certain }) =>
      `    ${certain ? 'read by' : 'handed on by'} ${printable(`${service}: ${handler}  ${place}`)}`
  )
  return [first, `    ${whom(change)}`, ...readers, `    ${printable(mend)}`]
}

function whom({ breaksBackward, breaksForward }: SchemaChange): string {
  const old = 'new code can’t read events that were written before'
  const now = 'services that are not updated yet can’t read new events'
  if (breaksBackward && breaksForward) return `${old}, and ${now}`
  return breaksBackward ? old : now
}
