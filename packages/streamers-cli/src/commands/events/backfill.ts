import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { toDate, toRate } from '../../terminal/arguments'
import { environmentOption } from '../../terminal/environment'
import { toldApp } from '../../app/operated-app'
import { counted, finish, messageOf, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'

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

const AFTERWARDS =
  'Run the same command again: it continues where it stopped. It then publishes a few events a second time, with the same ids, and services handle each once.'

/** `boost-streamers backfill`. */
export function backfillCommand(): Command {
  return new Command('backfill')
    .description('publish events that were stored before their class had a streamTo, each once and throttled')
    .argument('<address>', 'an address that the app streams to, with its topic')
    .requiredOption('--from <date>', 'the time of the first event (ISO 8601)', toDate)
    .option('--to <date>', 'the time before which the last event was stored; by default now', toDate)
    .option('--rate <number>', 'events per second', toRate, 500)
    .option('--dry-run', 'only count them')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
If the state is embedded, stop the service first. If the command was interrupted, run it again: it continues where it
stopped. Events keep their ids from run to run, so a service that handles them handles each once.

Examples:
  $ boost-streamers backfill main-kafka/posts --from 2020-01-01 --dry-run
  $ boost-streamers backfill main-kafka/posts --from 2020-01-01 --to 2026-11-21T08:00:00Z --rate 200/s`
    )
    .action(backfill)
}

async function backfill(address: string, { environment, from, to, rate, dryRun }: BackfillOptions): Promise<void> {
  const { config, streamers } = await toldApp(environment)
  const result = await withProgress(
    { unit: 'event', done: dryRun ? 'counted' : 'published', afterwards: AFTERWARDS },
    (progress) =>
      streamers.backfill(config, {
        address,
        from,
        to,
        eventsPerSecond: rate,
        dryRun,
        log: { debug: quiet, info: quiet, warn: say, error: say },
        onProgress: (events, entities) => {
          progress.to(events, `entity ${entities.at} of ${entities.of}`)
        },
      })
  )
  const { events, entities, refused, resumedBehind } = result
  const what = `${counted(events, 'event')} of ${entities === 1 ? '1 entity' : `${entities} entities`}`
  if (resumedBehind > 0) await print(`Continues after ${resumedBehind} entities of an earlier run.`)
  await print(dryRun ? `${what} would be published to ${address}` : `${pc.green('✓')} ${what} published to ${address}`)
  if (refused > 0) throw leftOut(refused, address)
  await finish()
}

function leftOut(refused: number, at: string): StreamerError {
  return new StreamerError(
    'PUBLISH_PARTIAL',
    `${counted(refused, 'event')} left out, because the streamer refuses them.`,
    {
      at,
      hint: 'See above for the reasons.',
    }
  )
}
