import { addressKey } from '../manifest'
import type { Segment } from '../manifest'
import { publishedAt } from '../format'
import type { RecordedEvent } from '../format'

/**
 * Which recorded events are wanted; an event is where everything holds.
 * @experimental
 */
export interface LakeFilter {
  /** `main-kafka/posts`, or a streamer's id for all of its topics. */
  readonly address?: string
  readonly type?: string
  /** What orders it: the entity's id, as a rule. */
  readonly key?: string
  readonly id?: string
  readonly correlationId?: string
  /** Those that were published then or later: by CloudEvents `time`, or by when they were recorded, where they have none. */
  readonly from?: Date
  /** Those that were published before. */
  readonly to?: Date
  /** A partition, by itself or with the positions that follow. */
  readonly partition?: string
  /** The first position. */
  readonly fromPosition?: number
  /** The position behind the last one. */
  readonly toPosition?: number
}

/** Whether a segment can have wanted events. */
export function mayHave({ addresses, types, runs }: Segment, filter: LakeFilter): boolean {
  const { address, type } = filter
  if (address !== undefined && !addresses.some((one) => isAt(one, address))) return false
  if (type !== undefined && types !== undefined && !types.includes(type)) return false
  return !asksForPlaces(filter) || runs.some((run) => mayBeIn(run, filter))
}

function asksForPlaces({ partition, fromPosition, toPosition }: LakeFilter): boolean {
  return [partition, fromPosition, toPosition].some((asked) => asked !== undefined)
}

function mayBeIn(run: Segment['runs'][number], filter: LakeFilter): boolean {
  const { address, partition, fromPosition = -Infinity, toPosition = Infinity } = filter
  if (partition !== undefined && run.partition !== partition) return false
  if (address !== undefined && !isAt(addressKey(run), address)) return false
  return run.last >= fromPosition && run.first < toPosition
}

/** Members of an event that a filter may name. */
const NAMED = ['id', 'key', 'type', 'correlationId', 'partition'] as const

/** Whether an event is wanted. */
export function isWanted(event: RecordedEvent, filter: LakeFilter): boolean {
  for (const name of NAMED) if (filter[name] !== undefined && event[name] !== filter[name]) return false
  const { address, fromPosition, toPosition, from, to } = filter
  if (address !== undefined && !isAt(addressKey(event), address)) return false
  if (!isWithin(event.position, fromPosition, toPosition)) return false
  return isWithin(publishedAt(event), from?.getTime(), to?.getTime())
}

function isWithin(value: number | undefined, from: number | undefined, to: number | undefined): boolean {
  if (from === undefined && to === undefined) return true
  return value !== undefined && value >= (from ?? -Infinity) && value < (to ?? Infinity)
}

/** Whether events of an address are wanted. */
export function isWantedAt(one: string, { address }: LakeFilter): boolean {
  return address === undefined || isAt(one, address)
}

function isAt(one: string, address: string): boolean {
  return one === address || (!address.includes('/') && one.startsWith(`${address}/`))
}
