import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import type { Lake, LakeFilter } from '@boostercloud/streamers-lake'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { toDate } from '../terminal/arguments'

/** The options that say which events are wanted. */
export interface WantedOptions {
  readonly address?: string
  readonly type?: string
  readonly key?: string
  readonly id?: string
  readonly correlation?: string
  readonly from?: Date
  readonly to?: Date
  readonly partition?: string
  readonly fromPosition?: number
  readonly toPosition?: number
}

/** Gives a command the options of {@link WantedOptions}. */
export function withWanted(command: Command, { withAddress = true } = {}): Command {
  const named = withAddress
    ? command.option(
        '--address <address>',
        "an address, such as 'main-kafka/posts', or the id of a streamer for all of its topics"
      )
    : command
  return named
    .option('--type <type>', 'CloudEvents type')
    .option('--key <key>', "the key, usually the entity's id")
    .option('--id <id>', 'CloudEvents id')
    .option('--correlation <id>', 'the correlation id: all events that one request led to')
    .option('--from <time>', 'published then or later (ISO 8601)', toDate)
    .option('--to <time>', 'published before (ISO 8601)', toDate)
    .option('--partition <name>', 'a partition')
    .option('--from-position <number>', 'the first position', toPosition)
    .option('--to-position <number>', 'the position after the last one', toPosition)
}

/** What the options ask for. Undefined: they ask for nothing in particular. */
export function wantedBy(options: WantedOptions): LakeFilter | undefined {
  const { address, type, key, id, correlation, from, to, partition, fromPosition, toPosition: behind } = options
  const asked = {
    address,
    type,
    key,
    id,
    correlationId: correlation,
    from,
    to,
    partition,
    fromPosition,
    toPosition: behind,
  }
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : (Object.fromEntries(given) as LakeFilter)
}

/** Throws where nothing is recorded of the address that is asked for. */
export async function requireRecorded(lake: Lake, { address }: LakeFilter): Promise<void> {
  if (address === undefined) return
  const { addresses, place } = await lake.info()
  const streamers = addresses.map((one) => one.split('/', 1)[0])
  if (addresses.includes(address) || streamers.includes(address)) return
  throw new StreamerError('OPTION_INVALID', `The lake has no event of the address '${address}'.`, {
    at: place,
    hint: `${didYouMean(address, [...addresses, ...streamers])}It has events of ${addresses.map((one) => `'${one}'`).join(', ') || 'none'}.`,
  })
}

function toPosition(value: string): number {
  const position = Number(value)
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(position)) {
    throw new InvalidArgumentError('It is a whole number from 0.')
  }
  return position
}
