import type { LaneId, LinkFailure, ParkedCount, ParkedEvent, ParkedLane } from '@boostercloud/streamers/state'
import { ofLane } from '../commit/claim'
import type { DynamoTable, RowQuery } from '../table/dynamo-table'
import { laneName, lanesOf, parkPartitions, partitionOfLane } from '../table/keys'
import { toParked } from '../table/rows'
import type { ParkedRow } from '../table/rows'

/** The lanes of an address that something parked blocks. */
export async function parkedLanes(table: DynamoTable, address: string): Promise<ParkedLane[]> {
  const rows = await inAllPartitions((pk) => table.query<ParkedRow>(ofLane(pk, lanesOf(address))))
  const lanes = new Map<string, ParkedLane>()
  for (const { handler, orderedBy, source, id } of rows) {
    const lane = orderedBy === undefined ? { address, handler, source, id } : { address, handler, key: orderedBy }
    const name = laneName(lane)
    lanes.set(name, { ...lane, parked: (lanes.get(name)?.parked ?? 0) + 1 })
  }
  return [...lanes.values()]
}

/** The parked events that block a lane, oldest first. */
export async function parkedOf(table: DynamoTable, lane: LaneId, limit: number): Promise<ParkedEvent[]> {
  const rows = await table.query<ParkedRow>(ofLane(partitionOfLane(lane), laneName(lane)), limit)
  return Promise.all(rows.map(async (row) => toParked(await table.whole(row))))
}

/** What waits in the park, oldest first, after a place. */
export async function parkedEvents(table: DynamoTable, limit: number, after: number): Promise<ParkedEvent[]> {
  return oldest(table, (pk) => waiting(pk, after), limit)
}

/** Dead letters, oldest first, after a place among them. */
export async function deadLetters(table: DynamoTable, limit: number, after: number): Promise<ParkedEvent[]> {
  return oldest(table, (pk) => dead(pk, after), limit)
}

async function oldest(table: DynamoTable, query: (pk: string) => RowQuery, limit: number): Promise<ParkedEvent[]> {
  const rows = await inAllPartitions((pk) => table.query<ParkedRow>(query(pk), limit))
  const first = rows.sort((one, other) => one.place - other.place).slice(0, limit)
  return Promise.all(first.map(async (row) => toParked(await table.whole(row))))
}

/** What is parked, by link. */
export async function parkedByLink(table: DynamoTable): Promise<ParkedCount[]> {
  const rows = await inAllPartitions((pk) => table.query<ParkedRow>(all(pk)))
  const links = new Map<string, ParkedCount>()
  for (const { address, handler, state, dueAt } of rows) {
    const name = JSON.stringify([address, handler])
    const known = links.get(name) ?? { address, handler, parked: 0, deadLetters: 0 }
    const count = state === 'dead' ? { deadLetters: known.deadLetters + 1 } : { parked: known.parked + 1 }
    const next = state === 'retry' ? { nextTryAt: Math.min(dueAt, known.nextTryAt ?? Infinity) } : {}
    links.set(name, { ...known, ...count, ...next })
  }
  return [...links.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count)
}

/** How each link failed last. */
export async function lastFailures(table: DynamoTable): Promise<LinkFailure[]> {
  const rows = await inAllPartitions((pk) => table.query<ParkedRow>(all(pk)))
  const links = new Map<string, LinkFailure>()
  for (const { address, handler, lastAt: at, cause } of rows.sort((one, other) => one.lastAt - other.lastAt)) {
    if (cause === undefined) continue
    links.set(JSON.stringify([address, handler]), {
      address,
      handler,
      at,
      cause: JSON.parse(cause) as LinkFailure['cause'],
    })
  }
  return [...links.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, failure]) => failure)
}

/** Asks all partitions of the park at once. */
export async function inAllPartitions<T>(ask: (pk: string) => Promise<T[]>): Promise<T[]> {
  return (await Promise.all(parkPartitions.map(ask))).flat()
}

/** Dead letters of a partition. */
export function dead(pk: string, after: number): RowQuery {
  return byState(pk, after, '=')
}

/** What waits in a partition. */
function waiting(pk: string, after: number): RowQuery {
  return byState(pk, after, '<>')
}

function byState(pk: string, after: number, compared: '=' | '<>'): RowQuery {
  return {
    ...all(pk, after),
    FilterExpression: `#state ${compared} :dead`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ...all(pk, after).ExpressionAttributeValues, ':dead': 'dead' },
  }
}

/** Everything that is parked in a partition. */
export function all(pk: string, after = 0): RowQuery {
  return {
    IndexName: 'by-place',
    KeyConditionExpression: 'pk = :pk AND place > :after',
    ExpressionAttributeValues: { ':pk': pk, ':after': after },
  }
}
