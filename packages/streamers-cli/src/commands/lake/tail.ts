import { Command } from 'commander'
import pc from 'picocolors'
import { eventCells, eventObject } from '../../lake/event-output'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { requireRecorded, wantedBy, withWanted } from '../../lake/wanted'
import type { WantedOptions } from '../../lake/wanted'
import { toCount } from '../../terminal/arguments'
import { finish, json, print, printable } from '../../terminal/output'

interface TailOptions extends LakePlace, WantedOptions {
  readonly all?: boolean
  readonly count?: number
  readonly json?: boolean
  readonly payload: boolean
}

/** `boost-streamers lake tail`. */
export function tailCommand(): Command {
  return withWanted(new Command('tail'))
    .description('show events as they are recorded, until Ctrl-C')
    .option('--all', 'begin with the first recorded event')
    .option('-n, --count <number>', 'end after this many events', toCount)
    .option('--json', 'print one JSON object per line')
    .option('--no-payload', 'leave out the events’ fields')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
An event is shown when its segment is closed, a minute after it was recorded at the latest, unless the recorder was told otherwise.
To follow a broker without that delay, use boost-streamers tail.

Examples:
  $ boost-streamers lake tail
  $ boost-streamers lake tail --address main-kafka/posts --all --count 10 --json`
    )
    .action(tail)
}

async function tail(options: TailOptions): Promise<void> {
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort())
  const wanted = wantedBy(options) ?? {}
  await withLake(options, async (lake) => {
    await requireRecorded(lake, wanted)
    let left = options.count ?? Infinity
    const from = options.all ? 'first' : 'last'
    for await (const event of lake.follow(wanted, { from, signal: ending.signal })) {
      await print(options.json ? json(eventObject(event, options.payload)) : lineOf(eventCells(event), options.payload))
      left -= 1
      if (left <= 0) break
    }
  })
  await finish()
}

function lineOf(cells: readonly string[], withPayload: boolean): string {
  const shown = withPayload ? cells : cells.slice(0, -1)
  return shown.map((cell, at) => (at === 3 ? pc.bold(printable(cell)) : printable(cell))).join('  ')
}
