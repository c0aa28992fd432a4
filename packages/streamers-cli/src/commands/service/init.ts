import { relative } from 'node:path'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { outstanding, write } from '../../init/change'
import type { Change } from '../../init/change'
import { BROKERS } from '../../init/brokers'
import { exampleIn } from '../../init/example'
import { confirmed } from '../../terminal/confirmed'
import { environmentOption } from '../../terminal/environment'
import { counted, finish, print, printable } from '../../terminal/output'
import { ownVersion } from '../../own-version'

interface InitOptions {
  readonly example?: string
  readonly event?: string
  readonly address: string
  readonly broker: string
  readonly environment: string
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** `boost-streamers init`. */
export function initCommand(): Command {
  return new Command('init')
    .description('add streams to the Booster app in the current folder, or write an example of two services')
    .option(
      '--example <folder>',
      'write two services that react to each other’s events, and their contract, into a new folder'
    )
    .option('--event <class>', 'the event to stream; needed if the app has several')
    .option('--address <address>', 'the address to publish it to', 'main/events')
    .addOption(new Option('--broker <name>', 'the broker of the topic').choices(Object.keys(BROKERS)).default('local'))
    .addOption(environmentOption())
    .option('--dry-run', 'show what would be changed, and change nothing')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      `
In an app, it adds packages and a streamer, publishes one event to one topic, declares what the topic carries, and adds a
handler that prints what arrives. It lists each file with the reason for the change, and asks before it writes. What
already exists is not changed: a second run finds nothing to do.

Examples:
  $ boost-streamers init --example shop
  $ boost-streamers init --event OrderPlaced --address main/orders
  $ boost-streamers init --event OrderPlaced --broker kafka --env production --yes`
    )
    .action(init)
}

async function init(options: InitOptions): Promise<void> {
  const version = ownVersion()
  const { changes, notes } =
    options.example === undefined
      ? (await import('../../init/app-plan')).appPlan({ ...options, folder: '.', version })
      : { changes: exampleIn(options.example, version), notes: [] }
  const open = outstanding(changes)
  for (const { file, why } of open) await print(`  ${printable(relative('.', file))}  ${pc.dim(printable(why))}`)
  for (const note of notes) await print(`${pc.yellow('!')} ${printable(note)}`)
  if (open.length === 0) await print('There is nothing to do.')
  else if (!options.dryRun && (await isWanted(options, open))) await writeAll(open, options)
  await finish()
}

async function writeAll(changes: readonly Change[], { example }: InitOptions): Promise<void> {
  await write(changes)
  await print(`${pc.green('✓')} ${changes.length === 1 ? '1 file is' : `${changes.length} files are`} written`)
  const first = example === undefined ? 'npm install' : `cd ${printable(example)} && npm install`
  await print(`\nNext:\n  ${first}\n  npm run build\n  npx boost-streamers ${example === undefined ? 'start' : 'dev'}`)
}

/** New files of an example need no answer. */
function isWanted({ yes, example }: InitOptions, changes: readonly Change[]): Promise<boolean> {
  const files = counted(changes.length, 'file')
  const isAgreed = yes === true || example !== undefined
  return confirmed(`Write ${files}?`, { yes: isAgreed, what: `It would write ${files}`, at: 'init' })
}
