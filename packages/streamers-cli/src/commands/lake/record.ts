import { isClosable } from '@boostercloud/streamer-connector'
import type { Recording, StreamerLogger } from '@boostercloud/streamer-connector'

import { Command } from 'commander'
import pc from 'picocolors'
import { lakePackage } from '../../app/lake-package'
import { operatedApp } from '../../app/operated-app'
import type { OperatedApp } from '../../app/operated-app'
import { lakeOption } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { toCount } from '../../terminal/arguments'
import { environmentOption, tellPlace } from '../../terminal/environment'
import { counted, fail, messageOf, print, printable, printableLines } from '../../terminal/output'
import { stopOnSignals } from '../../terminal/stop-on-signals'

interface RecordOptions extends LakePlace {
  readonly environment: string
  readonly segmentSeconds?: number
}

/** Milliseconds between two looks at whether a segment was closed. */
const LOOK_MS = 2_000

const quiet = (): void => undefined
const say = (message: string, ...details: unknown[]): void =>
  void process.stderr.write(`${printableLines([message, ...details.map(messageOf)].join(' '))}\n`)
const LOG: StreamerLogger = { debug: quiet, info: quiet, warn: say, error: say }

/** `boost-streamers lake record`. */
export function recordCommand(): Command {
  return new Command('record')
    .description(
      'record the events of addresses, by the streamers of the built app in the current folder, until Ctrl-C'
    )
    .argument('[addresses...]', 'what is recorded; by default all that the app publishes to and handles')
    .option('--segment-seconds <number>', 'close a segment after so many seconds; 60 by default', toCount)
    .addOption(lakeOption())
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
It begins with the oldest event that the broker still has, and reads in a group of its own, <app>-lake-<environment>: services get all of their events. Where the
options of a streamer name a group or queue, it reads as that one and takes events from the service: give the recorder an environment that names none.
Nothing is acknowledged to the broker before it is in the lake. Several recorders may record into one lake. SIGINT and SIGTERM record what was read.

Examples:
  $ boost-streamers lake record
  $ boost-streamers lake record main-kafka/posts main-kafka/comments --lake /data/lake --env production`
    )
    .action(record)
}

async function record(named: readonly string[], options: RecordOptions): Promise<void> {
  const { environment, lake: path, segmentSeconds } = options
  let stop = (): Promise<void> | undefined => undefined
  stopOnSignals(() => stop())
  const app = operatedApp(environment)
  tellPlace(environment)
  const { appName, streamers = {} } = app.config
  const addresses = named.length > 0 ? named : addressesOf(app)
  const { Lake } = lakePackage()
  const lake = Lake.with({ path, ...(segmentSeconds !== undefined && { segmentMs: segmentSeconds * 1_000 }) })
  const recording = await lake.record({ streamers, addresses, appName, environment, logger: LOG })
  stop = async () => {
    await recording.stop()
    for (const streamer of Object.values(streamers)) if (isClosable(streamer)) await streamer.close()
    await lake.close()
  }
  void recording.failed.then(fail)
  await print(
    printable(`✓ ${appName} (${environment}) records ${addresses.join(', ')} into ${path}`).replace('✓', pc.green('✓'))
  )
  await tellSegments(recording)
}

/** All that the app publishes to and handles, in alphabetical order. */
function addressesOf({ config, streamers }: OperatedApp): string[] {
  const all = [...streamers.linksOf(config), ...streamers.publicationsOf(config)]
  return [...new Set(all.map(({ address }) => address))].sort()
}

/** Says what each closed segment has, and how far the recording is behind. Goes on until the process ends. */
async function tellSegments(recording: Recording): Promise<never> {
  let told: string | undefined
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const last = recording.lastSegment
    if (last === undefined || last.path === told) continue
    told = last.path
    const health = await recording.health()
    const lags = health.map(({ address, lag }) => `${address} ${lag ?? 'unknown'}`).join(', ')
    await print(printable(`${last.path}: ${counted(last.events, 'event')}, ${health[0].perSecond}/s; lag: ${lags}`))
  }
}
