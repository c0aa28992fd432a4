import type { Replayed } from '@boostercloud/streamers/runtime'
import { Command } from 'commander'
import pc from 'picocolors'
import { toDate } from '../../terminal/arguments'
import { confirmed } from '../../terminal/confirmed'
import { environmentOption } from '../../terminal/environment'
import { toldApp } from '../../app/operated-app'
import { counted, finish, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'

interface ReplayCommandOptions {
  readonly environment: string
  readonly from: Date
  readonly to?: Date
  readonly dryRun?: boolean
  readonly yes?: boolean
}

const quiet = (): void => undefined
const AFTERWARDS = 'Run the same command again: it continues the same replay, and each event is handled once.'

/** `boost-streamers links replay`. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('let a handler see the events of a period again; no other handler or service sees them')
    .argument('<address>', 'the address with its topic, as the list shows it')
    .argument('<handler>', "the handler's name")
    .requiredOption('--from <date>', 'the time of the first event at the broker (ISO 8601)', toDate)
    .option('--to <date>', 'the time before which the last event arrived; by default now', toDate)
    .option('--dry-run', 'only count them')
    .option('-y, --yes', 'do not ask')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
The events are parked for the handler, with their payloads, and a running service handles each once. Events of one key
are handled in order, and new events of that key wait behind them. What the handler registers is new: it is published
and handled downstream again. A streamer that does not keep its events cannot replay. After Ctrl-C, run the same
command again.

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
  const ask = async (events: number): Promise<boolean> => {
    const question = `${who} will see ${counted(events, 'event')} again. What it registers is new, and is published and handled downstream again. Continue?`
    const what = `${who} would see ${counted(events, 'event')} again, and what it registers is handled downstream again`
    return confirmed(question, { what, at: 'links replay' })
  }
  const done = dryRun ? 'counted' : 'replayed'
  const { events, others, isParked, resumed } = await withProgress(
    { unit: 'event', done, afterwards: AFTERWARDS },
    (progress): Promise<Replayed> =>
      streamers.replayLink(config, {
        address,
        handler,
        from,
        to,
        dryRun,
        confirm: yes
          ? undefined
          : (count) => {
              progress.end()
              return ask(count)
            },
        log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
        onProgress: (count) => progress.to(count),
      })
  )
  if (!isParked && !dryRun) {
    await print('Nothing is replayed.')
    return finish()
  }
  if (resumed) await print('Continues a replay that was interrupted.')
  const rest = others > 0 ? `; ${counted(others, 'event')} of other types left out` : ''
  const what = dryRun ? `would be seen again by ${who}` : `parked for ${who}; a running service handles them`
  await print(`${dryRun ? '' : `${pc.green('✓')} `}${counted(events, 'event')} ${what}${rest}`)
  await finish()
}
