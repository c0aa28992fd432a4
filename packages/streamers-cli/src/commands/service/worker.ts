import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { logAs, logFormatOption } from '../../app/log-format'
import type { LogFormat } from '../../app/log-format'
import { toldApp } from '../../app/operated-app'
import { print } from '../../terminal/output'
import { stopOnSignals } from '../../terminal/stop-on-signals'
import { drainApp } from './drain-app'

interface WorkerOptions {
  readonly environment: string
  readonly logFormat?: LogFormat
}

/** `boost-streamers worker`. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('run only the streams of the built app in the current folder, without its API')
    .addOption(environmentOption())
    .addOption(logFormatOption())
    .addHelpText(
      'after',
      `
For containers, with the environment in BOOSTER_ENV. Start as many workers as the load requires. They share the
service's consumer groups and its state. With more than one worker, the state must be a shared one (PostgreSQL or
DynamoDB). SIGINT and SIGTERM let running handlers finish.

Examples:
  $ boost-streamers worker
  $ boost-streamers worker --env staging --log-format json`
    )
    .action(worker)
}

async function worker({ environment, logFormat }: WorkerOptions): Promise<void> {
  stopOnSignals(drainApp)
  const { config, streamers } = await toldApp(environment)
  const addresses = [...new Set(streamers.linksOf(config).map(({ address }) => address))].sort()
  if (addresses.length === 0) throw noLinks(config.appName)
  logAs(config, logFormat, () => streamers)
  await streamers.startWorker(config)
  await print(`${pc.green('✓')} ${config.appName} (${environment}) handles ${addresses.join(', ')}`)
}

function noLinks(appName: string): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    'The app handles no streamed event: there is nothing to do for a worker.',
    {
      at: appName,
      hint: 'Give a handler a streamedFrom, or start the whole service: boost-streamers start.',
    }
  )
}
