import { createHash } from 'node:crypto'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { InboxKey, LaneId } from '@boostercloud/streamers/state'

/** Where a row is in the table. */
export interface RowKey {
  readonly pk: string
  readonly sk: string
}

/** How many partitions the park is spread over. A place tells which. */
const SHARDS = 16
/** DynamoDB takes 2,048 bytes in a partition key and 1,024 in a sort key; what is longer is told apart by a digest. */
const LONGEST_NAME = 900
/** How many partitions timers are spread over: each is asked for the next one that is due. */
const TIMER_SHARDS = 4
/** The sort key of a row that is alone in its partition. */
const ALONE = '-'
const DIGITS = 16

/** All partitions of the park. */
export const parkPartitions: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => `parked#${shard}`)

/** All partitions of timers. */
export const timerPartitions: readonly string[] = Array.from({ length: TIMER_SHARDS }, (_, shard) => `timers#${shard}`)

export const controlKeys = {
  owner: { pk: 'control', sk: 'owner' },
  revision: { pk: 'control', sk: 'revision' },
  probe: { pk: 'control', sk: 'probe' },
} as const

export const partitions = {
  addresses: 'addresses',
  leases: 'leases',
  paused: 'paused',
  runs: 'runs',
  ignored: 'ignored',
} as const

export function inboxKey({ handler, source, id }: InboxKey): RowKey {
  return { pk: `${INBOX}${nameOf(handler, source, id)}`, sk: ALONE }
}

/** By what a run is found that lasts, or that was counted. */
export function runKey({ handler, source, id }: InboxKey): RowKey {
  return { pk: partitions.runs, sk: nameOf(handler, source, id) }
}

/** What a row of the inbox has besides where its key tells its names apart but does not say them. */
export function inboxNames(key: InboxKey): { readonly inboxOf?: string } {
  if (!inboxKey(key).pk.startsWith(DIGESTED)) return {}
  return { inboxOf: JSON.stringify([key.handler, key.source, key.id]) }
}

/** Whose row of the inbox it is; undefined for one with long names that was written before they were kept. */
export function inboxKeyOf({ pk, inboxOf }: { readonly pk: string; readonly inboxOf?: string }): InboxKey | undefined {
  const said = pk.startsWith(DIGESTED) ? inboxOf : pk.slice(INBOX.length)
  if (said === undefined) return undefined
  const [handler, source, id] = JSON.parse(said) as [string, string, string]
  return { handler, source, id }
}

/** What the partition keys of the inbox begin with. */
export const INBOX = 'inbox#'
const DIGESTED = 'inbox#sha256:'

export function pendingPartition(address: string): string {
  return `pending#${nameOf(address)}`
}

export function pendingKey(address: string, id: string): RowKey {
  return { pk: pendingPartition(address), sk: nameOf(id) }
}

export function addressKey(address: string): RowKey {
  return { pk: partitions.addresses, sk: nameOf(address) }
}

export function leaseKey(name: string): RowKey {
  return { pk: partitions.leases, sk: text(name) }
}

export function pausedKey(address: string, handler: string): RowKey {
  return { pk: partitions.paused, sk: nameOf(address, handler) }
}

export function ignoredKey(address: string): RowKey {
  return { pk: partitions.ignored, sk: nameOf(address) }
}

export function timerKey(handler: string, name: string): RowKey {
  const shard = parseInt(digest(handler, name).slice(-8), 16) % TIMER_SHARDS
  return { pk: timerPartitions[shard], sk: nameOf(handler, name) }
}

/** What the partition keys of positions begin with. */
export const POSITION = 'position#'

export function positionKey(address: string): RowKey {
  return { pk: `${POSITION}${nameOf(address)}`, sk: ALONE }
}

/** The row of an event in the park: one for a handler, source and id at an address. */
export function parkedKey(lane: LaneId & { source: string; id: string }): RowKey {
  return {
    pk: parkPartitions[shardOf(lane)],
    sk: digest(lane.address, lane.handler, lane.source, lane.id),
  }
}

/** The place of a parked event, which tells its partition: `number` counts. */
export function placeIn(lane: LaneId, number: number): number {
  return number * SHARDS + shardOf(lane)
}

/** A place with the same number, in the partition that another lane is in. */
export function placeAgain(lane: LaneId, place: number): number {
  return placeIn(lane, Math.floor(place / SHARDS))
}

export function partitionOfPlace(place: number): string {
  return parkPartitions[place % SHARDS]
}

export function partitionOfLane(lane: LaneId): string {
  return parkPartitions[shardOf(lane)]
}

/** What the lanes of an address begin with, in the index by lane. */
export function lanesOf(address: string): string {
  return `${digest(text(address))}#`
}

/** What the events of a lane begin with, in the index by lane; followed by their places. */
export function laneName({ address, handler, key, source, id }: LaneId): string {
  const own = key === undefined ? digest(handler, '', source ?? '', id ?? '') : digest(handler, key)
  return `${lanesOf(address)}${own}#`
}

/** A place such that texts are in the order of numbers. */
export function inOrder(place: number): string {
  return String(place).padStart(DIGITS, '0')
}

function shardOf(lane: LaneId): number {
  return parseInt(laneName(lane).slice(-9, -1), 16) % SHARDS
}

/** Texts as one, readable unless it is too long. */
function nameOf(...texts: readonly string[]): string {
  const name = texts.length === 1 ? text(texts[0]) : JSON.stringify(texts.map(text))
  if (name !== '' && Buffer.byteLength(name) <= LONGEST_NAME) return name
  return `sha256:${digest(...texts)}`
}

function digest(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 40)
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new StreamerError('EVENT_NOT_ENCODABLE', `A name in the state is ${typeof value} instead of a string.`, {
    hint: 'Use strings for addresses, handlers, sources and ids.',
  })
}
