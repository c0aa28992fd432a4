import { Command } from 'commander'
import pc from 'picocolors'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { confirmed } from '../../terminal/confirmed'
import { counted, finish, print, printable } from '../../terminal/output'

interface ForgetCommand extends LakePlace {
  readonly entity: string
  readonly yes?: boolean
}

const ELSEWHERE =
  'Backups of the lake, earlier versions of objects that a bucket keeps, the topics of the broker and the event stores of services still have what they had.'

/** `boost-streamers lake forget`. */
export function forgetCommand(): Command {
  return new Command('forget')
    .description("remove an entity's events, such as a person's data, from the lake")
    .requiredOption('--entity <id>', 'the id of the entity, which is the key or the subject of its events')
    .option('-y, --yes', 'do not ask')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
It counts the events and asks before it removes them. Files that have some are written again without them, and the old files are deleted at once. lake verify
accepts that the events are missing. Events of other keys are not touched, also where their payload names the entity. It exits with 1 if it has to be run again.

Examples:
  $ boost-streamers lake forget --entity 0190b2f6-6f5e-7000-8000-000000000001
  $ boost-streamers lake forget --entity 0190b2f6-6f5e-7000-8000-000000000001 --yes`
    )
    .action(forget)
}

async function forget({ entity, yes, ...place }: ForgetCommand): Promise<void> {
  let isAgain = false
  await withLake(place, async (lake) => {
    const found = await lake.forget(entity, { dryRun: true })
    const what = `${counted(found.events, 'event')} of ${printable(entity)}`
    const asked = { yes, what: 'Forgetting removes events for good', at: 'lake forget' }
    if (found.events > 0 && !(await confirmed(`Remove ${what} from the lake for good?`, asked))) {
      await print('Nothing was removed.')
      return
    }
    const { events, segments, waiting } = await lake.forget(entity)
    isAgain = waiting > 0
    await print(
      `${pc.green('✓')} ${counted(events, 'event')} of ${printable(entity)} removed from ${counted(segments, 'segment')}`
    )
    if (isAgain)
      await print(
        `${pc.yellow('!')} A recorder is recording ${counted(waiting, 'more event')}: run this again in a minute.`
      )
    await print(`${pc.yellow('!')} ${ELSEWHERE}`)
  })
  await finish(isAgain ? 1 : 0)
}
