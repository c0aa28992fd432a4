import type { MarksPage, PendingCount, PendingMark } from '@boostercloud/streamers/state'
import type { DynamoTable, RowQuery } from '../table/dynamo-table'
import { partitions, pendingPartition } from '../table/keys'
import { toMark } from '../table/rows'
import type { PendingRow, Row } from '../table/rows'

const NOT_REFUSED = 'attribute_not_exists(refused)'

/** Marks of an address in the order they were written, without the refused ones. */
export async function pendingMarks(
  table: DynamoTable,
  address: string,
  { limit, after = 0, slots }: MarksPage
): Promise<(PendingMark & { readonly place: number })[]> {
  if (slots?.length === 0) return []
  const ofSlots = slots && Object.fromEntries(slots.map((slot, index) => [`:slot${index}`, slot]))
  const rows = await table.query<PendingRow>(
    {
      ...ofAddress(address, after),
      FilterExpression: ofSlots ? `${NOT_REFUSED} AND slot IN (${Object.keys(ofSlots).join(', ')})` : NOT_REFUSED,
      ExpressionAttributeValues: { ...ofAddress(address, after).ExpressionAttributeValues, ...ofSlots },
    },
    limit
  )
  return rows.map(toMark)
}

/** The addresses that have marks which are not refused. */
export async function pendingAddresses(table: DynamoTable): Promise<string[]> {
  const addresses = await knownAddresses(table)
  const marks = await Promise.all(addresses.map((address) => pendingMarks(table, address, { limit: 1 })))
  return addresses.filter((_, index) => marks[index].length > 0)
}

/** How many there are, by address, and how old the oldest is. */
export async function pendingByAddress(table: DynamoTable): Promise<ReadonlyMap<string, PendingCount>> {
  const counts = new Map<string, PendingCount>()
  for (const address of await knownAddresses(table)) {
    const marks = await pendingMarks(table, address, { limit: Infinity })
    if (marks.length === 0) continue
    const oldestAt = marks.reduce((oldest, { markedAt }) => Math.min(oldest, markedAt), Infinity)
    counts.set(address, { count: marks.length, oldestAt })
  }
  return counts
}

/** Marks of events that their streamer refuses, with the reason. */
export async function refusedMarks(
  table: DynamoTable,
  limit: number
): Promise<(PendingMark & { readonly cause: string })[]> {
  const refused: PendingRow[] = []
  for (const address of await knownAddresses(table)) {
    const query = { ...ofAddress(address, 0), FilterExpression: 'attribute_exists(refused)' }
    refused.push(...(await table.query<PendingRow>(query, limit)))
  }
  const oldest = refused.sort((one, other) => one.place - other.place).slice(0, limit)
  return oldest.map((row) => {
    const { place: _, ...mark } = toMark(row)
    return { ...mark, cause: String(row.refused) }
  })
}

function ofAddress(address: string, after: number): RowQuery {
  return {
    IndexName: 'by-place',
    KeyConditionExpression: 'pk = :pk AND place > :after',
    ExpressionAttributeValues: { ':pk': pendingPartition(address), ':after': after },
  }
}

/** Those that ever had a mark. */
export async function knownAddresses(table: DynamoTable): Promise<string[]> {
  const rows = await table.query<Row & { address: string }>({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partitions.addresses },
  })
  return rows.map(({ address }) => address)
}
