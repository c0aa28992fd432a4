import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { finish, print } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { operatedApp } from '../../app/operated-app'
import { said as saidOfState } from './state'
import { withStore } from '../../app/sql-store'
import type { LineCounts, SqlStore, StoreLine } from '../../app/sql-store'

interface ImportOptions {
  readonly environment: string
  readonly fromNedb?: string
  readonly fromState?: string
  readonly state: boolean
}

const AFTERWARDS =
  'The service does not start on a half-imported store. Run the same command again: it removes what was imported and starts from the beginning.'

/** `boost-streamers store import`. */
export function importCommand(): Command {
  return new Command('import')
    .description('fill an empty store from an export, or from what Booster’s local provider has stored')
    .argument('[file]', 'a file that `store export` has written; by default standard input')
    .option('--from-nedb <folder>', 'the folder .booster of an app that ran on the local provider')
    .option(
      '--from-state <folder>',
      'with --from-nedb: where the app kept its streaming state; default: streamers/<environment> in that folder'
    )
    .option('--no-state', 'with --from-nedb: do not import its streaming state')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Stop the service first. The store must be empty, and is emptied again if the input turns out to be incomplete. From the
local provider, events and read models are imported; snapshots are made again from the events. The streaming state of
the app is imported too, and is marked as handed over.

Examples:
  $ boost-streamers store import store.jsonl
  $ gunzip -c store.jsonl.gz | boost-streamers store import
  $ boost-streamers store import --from-nedb .booster`
    )
    .action(importStore)
}

async function importStore(file: string | undefined, options: ImportOptions): Promise<void> {
  const { environment, fromNedb } = options
  if (file !== undefined && fromNedb !== undefined) {
    throw new StreamerError('OPTION_INVALID', 'Both a file and --from-nedb are given.', { hint: 'Give one of them.' })
  }
  await withStore(environment, async (store) => {
    const counts = await withProgress({ unit: 'line', done: 'read', afterwards: AFTERWARDS }, (progress) =>
      store.import(progress.counting(linesOf(store, file, fromNedb)))
    )
    await print(`${pc.green('✓')} ${said(counts)}`)
  })
  if (fromNedb !== undefined && options.state) await importState(fromNedb, options)
  await finish()
}

/** What was pending, handled, parked and read goes along: else it would be lost, or done again. */
async function importState(nedb: string, { environment, fromState }: ImportOptions): Promise<void> {
  const folder = fromState ?? join(nedb, 'streamers', environment)
  const { config, streamers } = operatedApp(environment)
  if (fromState === undefined && !streamers.isOtherState(config, folder)) return
  const { counts } = await streamers.takeOverFolder(config, folder)
  await print(`${pc.green('✓')} ${saidOfState(counts)} of the streaming state in ${folder} taken over`)
}

function linesOf(store: SqlStore, file?: string, fromNedb?: string): AsyncIterable<StoreLine> {
  if (fromNedb !== undefined) return store.linesOfNedb(fromNedb)
  return file === undefined ? parsed(process.stdin, 'standard input') : parsed(createReadStream(file), file)
}

async function* parsed(input: NodeJS.ReadableStream, name: string): AsyncGenerator<StoreLine> {
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number += 1
    if (line.trim() !== '') yield objectIn(line, `${name}, line ${number}`)
  }
}

function objectIn(line: string, at: string): StoreLine {
  try {
    return JSON.parse(line) as StoreLine
  } catch {
    // Without a cause: the parser's message quotes the line.
    throw new StreamerError('OPTION_INVALID', 'A line is not valid JSON.', {
      at,
      hint: 'Give what `boost-streamers store export` has written.',
    })
  }
}

function said(counts: LineCounts): string {
  const { event = 0, readModel = 0, snapshot = 0, streaming = 0 } = counts
  const rest = streaming > 0 ? `, ${streaming} rows of streaming state` : ''
  return `${event} events, ${readModel} read models, ${snapshot} snapshots${rest} imported`
}
