import { createReadStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { StateRow, StateRowCounts } from '@boostercloud/streamers/state'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { toldApp, withState } from '../../app/operated-app'
import type { OperatedApp } from '../../app/operated-app'
import { counted, finish, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { exportedState, rowsOfExport } from '../../status/state-lines'
import { writeLines } from '../../terminal/write-lines'

interface Common {
  readonly environment: string
}

const AFTER_EXPORT = 'The state was not changed. Run the same command again: it starts from the beginning.'
const AFTER_IMPORT = 'Nothing was taken over. Run the same command again: it starts from the beginning.'

/** `boost-streamers state`. */
export function stateCommand(): Command {
  return new Command('state')
    .description('show where the app keeps its streaming state, and move it to another place')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers state info
  $ boost-streamers state import --from-default
  $ boost-streamers state export state.jsonl`
    )
    .addCommand(infoCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(adoptCommand())
}

function infoCommand(): Command {
  return new Command('info')
    .description('show where the state is, its identity, and how much it holds')
    .addOption(environmentOption())
    .addHelpText('after', '\nExamples:\n  $ boost-streamers state info')
    .action(info)
}

function exportCommand(): Command {
  return new Command('export')
    .description(
      'write the state as JSON lines for another state to import: pending, handled, parked, dead letters, timers, pauses, positions'
    )
    .argument('[file]', 'the file to write; by default standard output')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Stop the service first, and start it again only on the state that imports the file. The file has payloads of parked events.

Examples:
  $ boost-streamers state export state.jsonl`
    )
    .action(exportState)
}

function importCommand(): Command {
  return new Command('import')
    .description('fill the empty state of the app from another state')
    .argument('[file]', 'a file that `state export` has written; by default standard input')
    .option('--from <folder>', 'import the embedded state in this folder, and mark it as handed over')
    .option('--from-default', 'the same, for the folder where the app keeps its state by default')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Use it after you have changed where the state is kept: another provider, config.streaming.state or folder. Stop the
service first. Nothing is changed if the app's state is not empty, or if the input is incomplete.

Examples:
  $ boost-streamers state import --from-default
  $ boost-streamers state import --from /srv/old/.booster/streamers/production -e production
  $ boost-streamers state import state.jsonl`
    )
    .action(importState)
}

function adoptCommand(): Command {
  return new Command('adopt')
    .description('use the new, empty state of the app, and leave the earlier state behind')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      '\nThe contents of the earlier state stay where they are.\n\nExamples:\n  $ boost-streamers state adopt'
    )
    .action(adopt)
}

async function info({ environment }: Common): Promise<void> {
  await withState(environment, async ({ state }) => {
    const { id, handedOverTo, takenFrom } = await state.identity()
    const { pending, refused, inbox, parked, deadLetters, timers } = await state.counts()
    const facts = {
      state: printable(state.name),
      id,
      ...(takenFrom.length > 0 ? { 'taken over from': takenFrom.join(', ') } : {}),
      ...(handedOverTo === undefined ? {} : { 'handed over to': handedOverTo }),
      pending: pending + refused,
      ...(inbox === undefined ? {} : { handled: inbox }),
      parked,
      'dead letters': deadLetters,
      ...(timers === undefined ? {} : { timers }),
      positions: (await state.positions()).length,
    }
    for (const [name, value] of Object.entries(facts)) await print(`${pc.bold(name)}: ${value}`)
  })
  await finish()
}

async function exportState(file: string | undefined, { environment }: Common): Promise<void> {
  await withState(environment, async ({ state, streamers }) => {
    await withProgress({ unit: 'line', done: 'written', afterwards: AFTER_EXPORT }, async (progress) => {
      const lines = progress.counting(exportedState(state, streamers))
      if (file === undefined) {
        for await (const line of lines) await print(JSON.stringify(line))
        return
      }
      const count = await writeLines(`${file}.part`, lines)
      progress.end()
      await rename(`${file}.part`, file)
      await print(`${pc.green('✓')} ${counted(count, 'line')} in ${file}`)
    })
  })
  await finish()
}

async function importState(
  file: string | undefined,
  { environment, from, fromDefault }: Common & { from?: string; fromDefault?: boolean }
): Promise<void> {
  if ([file, from, fromDefault].filter((one) => one !== undefined).length > 1) {
    throw new StreamerError('OPTION_INVALID', 'More than one source is given for the state.', {
      hint: 'Give a file, --from or --from-default.',
    })
  }
  const app = await toldApp(environment)
  const folder = fromDefault ? app.streamers.defaultFolderOf(app.config) : from
  if (folder !== undefined) {
    const taken = await app.streamers.takeOverFolder(app.config, folder)
    await print(`${pc.green('✓')} ${said(taken.counts)} taken over from ${printable(taken.from)}`)
  } else await print(`${pc.green('✓')} ${said(await importFile(app, file))} taken over`)
  await finish()
}

async function importFile({ config, streamers }: OperatedApp, file: string | undefined): Promise<StateRowCounts> {
  const input = file === undefined ? process.stdin : createReadStream(file)
  const { from, rows } = await rowsOfExport(input, file ?? 'standard input', streamers)
  return withProgress({ unit: 'row', done: 'read', afterwards: AFTER_IMPORT }, (progress) =>
    streamers.takeInRows(config, progress.counting(rows as AsyncIterable<StateRow>), from)
  )
}

async function adopt({ environment }: Common): Promise<void> {
  await withState(environment, async ({ config, state, streamers }) => {
    const others = new Set((await state.identity()).followed)
    const folder = streamers.defaultFolderOf(config)
    if (streamers.isOtherState(config, folder)) {
      const other = await streamers.openEmbeddedState(folder)
      others.add((await other.identity()).id)
      await other.close()
    }
    await state.noteIdentity(
      [...others].flatMap((id) => [
        { role: 'taken-from', id } as const,
        { role: 'followed', id, forget: true } as const,
      ])
    )
    await print(
      `${pc.green('✓')} ${printable(state.name)} is in use; ${counted(others.size, 'earlier state')} left behind`
    )
  })
  await finish()
}

/** What was taken over, in words. */
export function said({ pending, inbox, parked, timers, paused_links, positions }: StateRowCounts): string {
  const parts = [`${pending} pending`, `${inbox} handled`, `${parked} parked or dead`]
  return [...parts, counted(timers, 'timer'), counted(paused_links, 'pause'), counted(positions, 'position')].join(', ')
}
