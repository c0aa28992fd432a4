import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import { eventObject, eventTable } from '../../lake/event-output'
import { lakeOption, withLake } from '../../lake/open-lake'
import type { LakePlace } from '../../lake/open-lake'
import { requireRecorded, wantedBy, withWanted } from '../../lake/wanted'
import type { WantedOptions } from '../../lake/wanted'
import { finish, json, print } from '../../terminal/output'

interface GetOptions extends LakePlace, WantedOptions {
  readonly json?: boolean
  readonly payload: boolean
}

/** `boost-streamers lake get`. */
export function getCommand(): Command {
  return withWanted(new Command('get'))
    .description(
      'show the recorded events that match all given options, such as the history of a key; exits with 1 if there are none'
    )
    .option('--json', 'print one JSON object per line')
    .option('--no-payload', 'leave out the events’ fields')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
Events come in the order in which they were recorded. If the bytes of an event are not JSON, its size is shown; --json gives its bytes in base64.

Examples:
  $ boost-streamers lake get --id 0192f1c4-7d2e-7b2f-9d1a-8a5f2f6c1e55
  $ boost-streamers lake get --key post-17 --json
  $ boost-streamers lake get --address main-kafka/posts --type PostCreated --from 2026-11-21 --to 2026-11-22`
    )
    .action(get)
}

async function get(options: GetOptions): Promise<void> {
  const wanted = wantedBy(options)
  if (wanted === undefined) throw tooMuch()
  let count = 0
  await withLake(options, async (lake) => {
    await requireRecorded(lake, wanted)
    const events = lake.read(wanted)
    if (options.json) {
      for await (const event of events) {
        count += 1
        await print(json(eventObject(event, options.payload)))
      }
      return
    }
    for await (const line of eventTable(events, options.payload)) {
      count += 1
      await print(line)
    }
  })
  if (count === 0) process.stderr.write('No recorded event fits.\n')
  await finish(count === 0 ? 1 : 0)
}

function tooMuch(): StreamerError {
  return new StreamerError('OPTION_INVALID', 'No option says which events are wanted.', {
    at: 'lake get',
    hint: 'Give --id, --key or another one. boost-streamers lake export writes all events.',
  })
}
