import { CLOCK_AHEAD_MS } from '@boostercloud/streamers/state'
import type { Timer, TimersPage } from '@boostercloud/streamers/state'
import { changeEach } from '../table/change-each'
import type { DynamoTable, RowQuery } from '../table/dynamo-table'
import { inOrder, timerPartitions } from '../table/keys'
import { toTimer } from '../table/timer-row'
import type { TimerRow } from '../table/timer-row'

/** Timers in the order in which they are due. */
export async function dueTimers(
  table: DynamoTable,
  { limit, by = Number.MAX_SAFE_INTEGER, after, key }: TimersPage
): Promise<Timer[]> {
  const ofKey = key === undefined ? {} : { FilterExpression: 'orderedBy = :key' }
  const values = key === undefined ? {} : { ':key': key }
  const query = (pk: string, condition: string, own: Record<string, number>): RowQuery => ({
    IndexName: 'by-place',
    KeyConditionExpression: `pk = :pk AND ${condition}`,
    ExpressionAttributeValues: { ':pk': pk, ...own, ...values },
    ...ofKey,
  })
  const found = await inAllPartitions(async (pk) => {
    if (!after) return table.query<TimerRow>(query(pk, 'place <= :by', { ':by': by }), limit)
    const [same, later] = await Promise.all([
      table.query<TimerRow>(query(pk, 'place = :at', { ':at': after.dueAt })),
      table.query<TimerRow>(query(pk, 'place BETWEEN :from AND :by', { ':from': after.dueAt + 1, ':by': by }), limit),
    ])
    return [...same.filter((row) => compare(row, after) > 0), ...later]
  })
  const first = found.sort(compare).slice(0, limit)
  return Promise.all(first.map(async (row) => toTimer(await table.whole(row))))
}

/** When the next timer is due. */
export async function nextTimerAt(table: DynamoTable): Promise<number | undefined> {
  const rows = await inAllPartitions((pk) => table.query<TimerRow>(ofPartition(pk), 1))
  return rows.length === 0 ? undefined : Math.min(...rows.map(({ dueAt }) => dueAt))
}

/** All timers, their bytes not read. */
export async function timerRows(table: DynamoTable): Promise<TimerRow[]> {
  return (await inAllPartitions((pk) => table.query<TimerRow>(ofPartition(pk)))).sort(compare)
}

/** Counts delays that a clock which was ahead has set from now on. One that is set or fires at this moment is left to the next time. */
export async function correctTimers(table: DynamoTable, now: number): Promise<number> {
  const wrong = await inAllPartitions((pk) =>
    table.query<TimerRow>({
      IndexName: 'by-lane',
      KeyConditionExpression: 'pk = :pk AND lane > :latest',
      ExpressionAttributeValues: { ':pk': pk, ':latest': inOrder(now + CLOCK_AHEAD_MS) },
    })
  )
  return changeEach(table, wrong, (copy, row) => {
    const dueAt = now + (row.delayMs ?? 0)
    copy.put<TimerRow>({ ...row, dueAt, setAt: now, place: dueAt, lane: inOrder(now) })
  })
}

function ofPartition(pk: string): RowQuery {
  return {
    IndexName: 'by-place',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  }
}

async function inAllPartitions<T>(ask: (pk: string) => Promise<T[]>): Promise<T[]> {
  return (await Promise.all(timerPartitions.map(ask))).flat()
}

type Place = Pick<Timer, 'dueAt' | 'handler' | 'name'>

function compare(one: Place, other: Place): number {
  if (one.dueAt !== other.dueAt) return one.dueAt - other.dueAt
  if (one.handler !== other.handler) return one.handler < other.handler ? -1 : 1
  return one.name === other.name ? 0 : one.name < other.name ? -1 : 1
}
