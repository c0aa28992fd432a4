import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { toDate, toRate } from '../arguments'
import { operatedApp } from '../operated-app'
import { counted, finish, messageOf, print, printable } from '../output'

interface BackfillOptions {
  readonly environment: string
  readonly from: Date
  readonly to?: Date
  readonly rate: number
  readonly dryRun?: boolean
}

const quiet = (): void => undefined
const say = (message: string, ...details: unknown[]): void => {
  const causes = details.filter((detail) => detail instanceof Error).map(messageOf)
  process.stderr.write(`${printable([message, ...causes].join(' '))}\n`)
}

/** `boost-streamers backfill`. */
export function backfillCommand(): Command {
  return new Command('backfill')
    .description('stream what was stored before an event had its streamTo: once, throttled')
    .argument('<address>', 'an address that the app streams to, with its topic')
    .requiredOption('--from <date>', 'the time of the first event (ISO 8601)', toDate)
    .option('--to <date>', 'the time before which the last one was stored; now by default', toDate)
    .option('--rate <number>', 'events a second', toRate, 500)
    .option('--dry-run', 'count them, and publish nothing')
    .option('-e, --environment <name>', "Booster's environment", 'local')
    .addHelpText(
      'after',
      `
Stop the service first where its state is embedded. Asked for again after it was interrupted, it goes on. Events keep
their ids from run to run, so that a service that handles them takes each once.

Examples:
  $ boost-streamers backfill main-kafka/posts --from 2020-01-01 --dry-run
  $ boost-streamers backfill main-kafka/posts --from 2020-01-01 --to 2026-11-21T08:00:00Z --rate 200/s`
    )
    .action(backfill)
}

async function backfill(address: string, { environment, from, to, rate, dryRun }: BackfillOptions): Promise<void> {
  const { config, streamers } = operatedApp(environment)
  const result = await streamers.backfill(config, {
    address,
    from,
    to,
    eventsPerSecond: rate,
    dryRun,
    log: { debug: quiet, info: quiet, warn: say, error: say },
  })
  const { events, entities, refused, resumedBehind } = result
  const what = `${counted(events, 'event')} of ${entities === 1 ? '1 entity' : `${entities} entities`}`
  if (resumedBehind > 0) await print(`Goes on behind ${resumedBehind} entities that an earlier run has done.`)
  await print(dryRun ? `${what} would be published to ${address}` : `${pc.green('✓')} ${what} published to ${address}`)
  if (refused > 0) throw leftOut(refused, address)
  await finish()
}

function leftOut(refused: number, at: string): StreamerError {
  return new StreamerError('PUBLISH_PARTIAL', `${counted(refused, 'event')} left out, which the streamer refuses.`, {
    at,
    hint: 'See above for the reasons.',
  })
}
