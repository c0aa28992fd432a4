import { Command } from 'commander'
import pc from 'picocolors'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { requireRecorded } from '../../lake/wanted'
import { toCount } from '../../terminal/arguments'
import { confirmed } from '../../terminal/confirmed'
import { counted, finish, print, printable } from '../../terminal/output'

const DAY_MS = 86_400_000

interface RetainCommand extends LakePlace {
  readonly days: number
  readonly yes?: boolean
}

/** `boost-streamers lake retain`. */
export function retainCommand(): Command {
  return new Command('retain')
    .description('remove the events of an address that were recorded longer ago than a number of days')
    .argument('<address>', "as 'main-kafka/posts'")
    .requiredOption('--days <number>', 'how long events are kept', toCount)
    .option('-y, --yes', 'do not ask')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
A lake keeps events permanently unless this is run, for example once a day. It counts the events and asks before it removes them. Removed events are not
recorded again, and lake verify accepts that they are missing.

Examples:
  $ boost-streamers lake retain main-kafka/clicks --days 90
  $ boost-streamers lake retain main-kafka/clicks --days 90 --yes --lake s3://company-events/lake`
    )
    .action(retain)
}

async function retain(address: string, { days, yes, ...place }: RetainCommand): Promise<void> {
  await withLake(place, async (lake) => {
    await requireRecorded(lake, { address })
    const before = new Date(Date.now() - days * DAY_MS)
    const { events } = await lake.retain({ address, before, dryRun: true })
    const asked = { yes, what: 'Retention removes events for good', at: 'lake retain' }
    const question = `Remove ${counted(events, 'event')} of ${printable(address)} from before ${before.toISOString()} for good?`
    if (events > 0 && !(await confirmed(question, asked))) {
      await print('Nothing was removed.')
      return
    }
    const removed = await lake.retain({ address, before })
    await print(
      `${pc.green('✓')} ${counted(removed.events, 'event')} of ${printable(address)} removed from ${counted(removed.segments, 'segment')}`
    )
  })
  await finish()
}
