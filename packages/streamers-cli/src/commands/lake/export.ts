import { rename } from 'node:fs/promises'
import { jsonText } from '@boostercloud/streamer-connector'
import type { RecordedEvent } from '@boostercloud/streamers-lake'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { eventObject, eventTable } from '../../lake/event-output'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { requireRecorded, wantedBy, withWanted } from '../../lake/wanted'
import type { WantedOptions } from '../../lake/wanted'
import { counted, finish, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { writeTexts } from '../../terminal/write-lines'

interface ExportOptions extends LakePlace, WantedOptions {
  readonly format: 'jsonl' | 'table'
}

const AFTERWARDS =
  'The lake is as it was. Run the same command again: it starts again, and replaces the unfinished .part file.'

/** `boost-streamers lake export`. */
export function exportCommand(): Command {
  return withWanted(new Command('export'))
    .description('write recorded events, all by default, as JSON lines or as a table')
    .argument('[file]', 'where to; standard output by default')
    .addOption(new Option('--format <format>', 'how they are written').choices(['jsonl', 'table']).default('jsonl'))
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
A file has its name only when it is whole, and only its owner can read it. Recorders may run meanwhile: what they record after the start is not in it.

Examples:
  $ boost-streamers lake export events.jsonl
  $ boost-streamers lake export --address main-kafka/posts --from 2026-11-01 --format table`
    )
    .action(exportEvents)
}

async function exportEvents(file: string | undefined, { format, ...options }: ExportOptions): Promise<void> {
  const wanted = wantedBy(options) ?? {}
  await withLake(options, async (lake) => {
    await requireRecorded(lake, wanted)
    await withProgress({ unit: 'event', done: 'written', afterwards: AFTERWARDS }, async (progress) => {
      const events = progress.counting(lake.read(wanted))
      const lines = format === 'table' ? eventTable(events) : jsonLines(events)
      if (file === undefined) {
        for await (const line of lines) await print(format === 'table' ? line : printable(line))
        return
      }
      const count = await writeTexts(`${file}.part`, lines)
      progress.end()
      await rename(`${file}.part`, file)
      await print(`${pc.green('✓')} ${counted(count, 'line')} in ${file}`)
    })
  })
  await finish()
}

async function* jsonLines(events: AsyncIterable<RecordedEvent>): AsyncGenerator<string, void, undefined> {
  for await (const event of events) yield jsonText(eventObject(event))
}
