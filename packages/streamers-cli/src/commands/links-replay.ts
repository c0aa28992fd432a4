import type { Replayed } from '@boostercloud/streamers/runtime'
import { Command } from 'commander'
import pc from 'picocolors'
import { toDate } from '../arguments'
import { confirmed } from '../confirmed'
import { environmentOption } from '../environment'
import { toldApp } from '../operated-app'
import { counted, finish, print, printable } from '../output'
import { withProgress } from '../progress'

interface ReplayCommandOptions {
  readonly environment: string
  readonly from: Date
  readonly to?: Date
  readonly dryRun?: boolean
  readonly yes?: boolean
}

const quiet = (): void => undefined
const AFTERWARDS = 'Run the same command again: it goes on with the same replay, and each event is handled once in it.'

/** `boost-streamers links replay`. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('let a handler see the events of a time again; no other handler and no other service sees them')
    .argument('<address>', 'with its topic, as listed')
    .argument('<handler>', "the handler's name")
    .requiredOption('--from <date>', 'the time of the first event at the broker (ISO 8601)', toDate)
    .option('--to <date>', 'the time before which the last one came; now by default', toDate)
    .option('--dry-run', 'count them, and change nothing')
    .option('-y, --yes', 'do not ask')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
The events are parked for the handler, with their payloads, and a running service handles them: those of one key in order, and what
comes of that key meanwhile behind them, once. What the handler registers is new: it is published, and handled downstream, again.
A streamer that does not keep its events cannot replay. After Ctrl-C run the same command again.

Examples:
  $ boost-streamers links replay main-kafka/posts SendsNewsletter --from 2026-11-21 --dry-run
  $ boost-streamers links replay main-kafka/posts SendsNewsletter --from 2026-11-21 --to 2026-11-22T08:00:00Z --yes`
    )
    .action(replay)
}

async function replay(address: string, handler: string, options: ReplayCommandOptions): Promise<void> {
  const { environment, from, to, dryRun, yes } = options
  const { config, streamers } = await toldApp(environment)
  const who = `${printable(handler)} at ${printable(address)}`
  const work = (isDry: boolean): Promise<Replayed> =>
    withProgress({ unit: 'event', done: isDry ? 'counted' : 'parked', afterwards: AFTERWARDS }, (progress) =>
      streamers.replayLink(config, {
        address,
        handler,
        from,
        to,
        dryRun: isDry,
        log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
        onProgress: (count) => progress.to(count),
      })
    )
  if (!yes && !dryRun) {
    // Counting also finds out whether there is anything to replay from, before anybody is asked.
    const { events } = await work(true)
    const question = `${who} will see ${counted(events, 'event')} again. What it registers is new, and is published and handled downstream again. Go on?`
    const what = `${who} would see ${counted(events, 'event')} again, and what it registers is handled downstream again`
    if (!(await confirmed(question, { what, at: 'links replay' }))) {
      await print('Nothing is replayed.')
      return finish()
    }
  }
  const { events, others, resumed } = await work(dryRun ?? false)
  if (resumed) await print('Goes on with a replay that was interrupted.')
  const rest = others > 0 ? `; ${counted(others, 'event')} of other types left out` : ''
  const what = dryRun ? `would be seen again by ${who}` : `parked for ${who}; a running service handles them`
  await print(`${dryRun ? '' : `${pc.green('✓')} `}${counted(events, 'event')} ${what}${rest}`)
  await finish()
}
