import { Command } from 'commander'
import pc from 'picocolors'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { toCount } from '../../terminal/arguments'
import { counted, finish, print } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'

const PROGRESS = {
  unit: 'event',
  done: 'put together',
  afterwards: 'The lake is whole. Run it again to go on.',
}

interface CompactCommand extends LakePlace {
  readonly segmentEvents?: number
}

/** `boost-streamers lake compact`. */
export function compactCommand(): Command {
  return new Command('compact')
    .description('put small segments together')
    .option('--segment-events <number>', 'the most events of a segment; 500000 by default', toCount)
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
Recorders, readers and queries of this package may run meanwhile: they see each event once. Replaced files are kept under retired/ for an hour.
Other engines read the files under segments/, which are replaced one after the other: do not let them read at the same time.

Examples:
  $ boost-streamers lake compact
  $ boost-streamers lake compact --lake s3://company-events/lake`
    )
    .action(compact)
}

async function compact({ segmentEvents, ...place }: CompactCommand): Promise<void> {
  await withLake(place, async (lake) => {
    const { before, after, bytesBefore, bytesAfter } = await withProgress(PROGRESS, async (progress) => {
      const onSegment = ({ path, events }: { readonly path: string; readonly events: number }): void => {
        progress.at(path)
        progress.add(events)
      }
      return lake.compact({ onSegment, ...(segmentEvents !== undefined && { segmentEvents }) })
    })
    const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)
    await print(
      `${pc.green('✓')} ${counted(before, 'segment')} became ${after}, ${megabytes(bytesBefore)} MB became ${megabytes(bytesAfter)} MB`
    )
  })
  await finish()
}
