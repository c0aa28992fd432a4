import type { LakeInfo } from '@boostercloud/streamers-lake'
import { Command } from 'commander'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { finish, json, print, printable } from '../../terminal/output'

/** `boost-streamers lake info`. */
export function infoCommand(): Command {
  return new Command('info')
    .description('what the lake holds, in numbers, and how far each partition is recorded')
    .option('--json', 'one JSON object')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers lake info
  $ boost-streamers lake info --lake /data/lake --json`
    )
    .action(info)
}

async function info({ json: asJson, ...place }: LakePlace & { readonly json?: boolean }): Promise<void> {
  await withLake(place, async (lake) => {
    const found = await lake.info()
    for (const line of asJson ? [json(found)] : linesOf(found)) await print(line)
  })
  await finish()
}

function linesOf({
  place,
  version,
  events,
  segments,
  bytes,
  addresses,
  lastRecordedAt,
  partitions,
  gaps,
}: LakeInfo): string[] {
  return [
    `lake        ${place}, version ${version}`,
    `events      ${events} in ${segments} segments, ${(bytes / 1_000_000).toFixed(1)} MB`,
    `addresses   ${addresses.join(', ') || 'none'}`,
    `newest      ${lastRecordedAt?.toISOString() ?? '-'}`,
    ...partitions.map(({ streamer, topic, log, partition, last }) => {
      const address = topic === undefined ? streamer : `${streamer}/${topic}`
      return `recorded    ${address}, partition ${partition}${log === undefined ? '' : ` of log ${log}`}: to position ${last}`
    }),
    ...gaps.map(({ address, partition, first, last, after = 'no event', before = 'nothing yet' }) => {
      return `missing     ${address}, partition ${partition}: positions ${first} to ${last}, between ${after} and ${before}, were deleted before they were recorded`
    }),
  ].map(printable)
}
