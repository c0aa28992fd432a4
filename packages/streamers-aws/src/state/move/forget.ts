import { changeEach } from '../table/change-each'
import type { DynamoTable } from '../table/dynamo-table'
import { INBOX } from '../table/keys'
import { all, dead, inAllPartitions } from '../queries/park-queries'
import type { InboxRow, ParkedRow, Row } from '../table/rows'
import { timerRows } from '../queries/timers'

/** Forgets finished inbox entries from before then. */
export async function expireInbox(table: DynamoTable, before: number, from = 0): Promise<number> {
  let gone = 0
  const filter = {
    FilterExpression: 'begins_with(pk, :inbox) AND #state = :finished AND #at < :before AND #at >= :from',
    ExpressionAttributeNames: { '#state': 'state', '#at': 'at' },
    ExpressionAttributeValues: { ':inbox': INBOX, ':finished': 'finished', ':before': before, ':from': from },
  }
  for await (const rows of table.scan<InboxRow>(filter)) gone += await removeAll(table, rows)
  return gone
}

/** Forgets dead letters that hold nothing and were given up before then. */
export async function expireDeadLetters(table: DynamoTable, before: number, from = 0): Promise<number> {
  const rows = await inAllPartitions((pk) => table.query<ParkedRow>(dead(pk, 0)))
  return removeAll(
    table,
    rows.filter(({ holds, lastAt }) => !holds && lastAt < before && lastAt >= from)
  )
}

/** Removes what is parked, dead, or waits in a timer, of one key. What is written at this moment is read again: nothing of the key stays. */
export async function forgetKey(table: DynamoTable, key: string): Promise<number> {
  for (let gone = 0; ;) {
    const rows = await inAllPartitions((pk) => table.query<ParkedRow>(all(pk)))
    const kept = [...rows, ...(await timerRows(table))].filter(({ orderedBy }) => orderedBy === key)
    const removed = await removeAll(table, kept)
    gone += removed
    if (removed === kept.length) return gone
  }
}

/** Each for itself; one that is written at this moment stays. */
function removeAll(table: DynamoTable, rows: readonly Row[]): Promise<number> {
  return changeEach(table, rows, (copy, row) => copy.remove(row))
}
