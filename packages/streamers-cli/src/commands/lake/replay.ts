import { StreamerError } from '@boostercloud/streamer-connector'
import { Command, InvalidArgumentError, Option } from 'commander'
import pc from 'picocolors'
import { sourceAt } from '../../app/source'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { ReplayFile } from '../../lake/replay-file'
import { requireRecorded, wantedBy, withWanted } from '../../lake/wanted'
import type { WantedOptions } from '../../lake/wanted'
import { environmentOption } from '../../terminal/environment'
import { counted, finish, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'

interface ReplayOptions extends LakePlace, Omit<WantedOptions, 'address'> {
  readonly into: string
  readonly environment: string
  readonly local?: string
  readonly speed: number
  readonly newIds?: boolean
  readonly sameAddress?: boolean
  readonly restart?: boolean
}

const AFTERWARDS =
  'Run the same command again: it continues behind the last events that were published. --restart begins with the first one.'

/** `boost-streamers lake replay`. */
export function replayCommand(): Command {
  return withWanted(new Command('replay'), { withAddress: false })
    .description('publish recorded events again as their producer did, for services whose upstream does not run')
    .argument('<address>', "whose events, as 'main-kafka/posts'")
    .requiredOption('--into <address>', 'where they are published: an address of the app in the current folder')
    .option('--local <folder>', 'publish into the embedded log in this folder; no app is needed')
    .addOption(
      new Option('--speed <speed>', "'max', or how many times as fast as they were published: 1x, 10x")
        .argParser(toSpeed)
        .default(Infinity, 'max')
    )
    .option('--new-ids', 'give each a new id, for services that have handled it before')
    .option('--same-address', 'allow the address that they were recorded from')
    .option('--restart', 'begin with the first event, also where an earlier replay was interrupted')
    .addOption(lakeOption())
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Bytes, ids, types, sources, times, headers and keys are as they were; handlers find metadata.replayed. Events of one key stay in order. A service that has handled an
event drops it, because it knows the id, unless --new-ids is given. After Ctrl-C, run the same command again. The last events before it may be published twice, with the
same ids.

Examples:
  $ boost-streamers lake replay main-kafka/posts --into main/posts --local .booster/main
  $ boost-streamers lake replay main-kafka/posts --into main/posts --from 2026-11-21 --to 2026-11-22 --speed 10x
  $ boost-streamers lake replay main-kafka/posts --into main-kafka/posts --same-address --new-ids --key post-17`
    )
    .action(replay)
}

async function replay(address: string, options: ReplayOptions): Promise<void> {
  const { into: target, local, environment, speed, newIds, sameAddress, restart } = options
  if (target === address && local === undefined && !sameAddress) throw sameAddressError(address)
  await withLake(options, async (lake) => {
    const wanted = { ...wantedBy(options), address }
    await requireRecorded(lake, wanted)
    const { id } = await lake.info()
    const file = new ReplayFile([id, wanted, target, local ?? environment, newIds ?? false])
    const after = restart ? undefined : file.read()
    const { connector, topic, close } = sourceAt(target, { local, environment })
    try {
      const { events } = await withProgress(
        { unit: 'event', done: 'published', afterwards: AFTERWARDS },
        async (progress) => {
          if (after) progress.at('Continues a replay that was interrupted')
          return lake.replay(wanted, {
            into: { connector, topic },
            speed,
            newIds,
            after,
            isSameLog: sameAddress,
            onPublished: (count, to) => {
              file.note(to)
              progress.to(count)
            },
          })
        }
      )
      file.remove()
      const rest = after ? ', the rest of a replay that was interrupted' : ''
      await print(printable(`✓ ${counted(events, 'event')} published to ${target}${rest}`).replace('✓', pc.green('✓')))
    } finally {
      await close()
    }
  })
  await finish()
}

function sameAddressError(address: string): StreamerError {
  return new StreamerError('OPTION_INVALID', 'The events were recorded from this address: they would be in it twice.', {
    at: address,
    hint: 'Publish them to another address, or with --local FOLDER to an embedded log for tests. --same-address allows it.',
  })
}

function toSpeed(text: string): number {
  const [, times] = /^(\d+(?:\.\d+)?)x$/.exec(text) ?? []
  const speed = text === 'max' ? Infinity : Number(times)
  if (!(speed > 0)) throw new InvalidArgumentError("It must be 'max', or a number above 0 with an x, such as 10x.")
  return speed
}
