import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { counted, finish, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'

const PROGRESS = {
  unit: 'event',
  done: 'looked at',
  afterwards: 'Nothing was changed. Run it again to look through all of it.',
}

/** `boost-streamers lake verify`. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check every file of the lake; exits with 1 if something is wrong')
    .option('--allow-gaps', 'end with 0 although the broker deleted events before they were recorded')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
Every segment is read and compared with the checksum that was taken when it was written. Every position is there once, each segment begins where the
one before ended, no version is missing, and no other file is among the segments. Recorders may run meanwhile. Nothing is changed.

Examples:
  $ boost-streamers lake verify
  $ boost-streamers lake verify --lake /data/lake`
    )
    .action(verify)
}

async function verify({ allowGaps, ...place }: LakePlace & { readonly allowGaps?: boolean }): Promise<void> {
  await withLake(place, async (lake) => {
    let segments = 0
    let gaps = 0
    const faults = await withProgress(PROGRESS, async (progress) => {
      let count = 0
      const onSegment = ({ path, events }: { readonly path: string; readonly events: number }): void => {
        segments += 1
        progress.at(path)
        progress.add(events)
      }
      for await (const { kind, path, message } of lake.verify({ onSegment })) {
        if (kind === 'events-deleted') gaps += 1
        else count += 1
        await print(printable(`${kind}  ${path}: ${message}`))
      }
      return count
    })
    if (faults > 0) {
      throw new StreamerError('STORAGE_DAMAGED', `${counted(faults, 'thing')} wrong with the lake.`, {
        at: place.lake,
        hint: 'Keep the folder as it is. Restore the files that are named from a backup.',
      })
    }
    if (gaps > 0 && !allowGaps) {
      throw new StreamerError('STORAGE_DAMAGED', `The lake is whole, and lacks events: ${counted(gaps, 'gap')}.`, {
        at: place.lake,
        hint: 'Give the topics a longer retention. Nothing can bring these events back; --allow-gaps ends with 0.',
      })
    }
    await print(`${pc.green('✓')} the lake is whole: ${counted(segments, 'segment')}`)
  })
  await finish()
}
