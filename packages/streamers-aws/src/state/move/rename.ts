import { lasts } from '@boostercloud/streamer-connector'
import type { IgnoredType, Renamed, Renaming } from '@boostercloud/streamers/state'
import {
  LONGEST_LEASE_MS,
  addIgnored,
  renamedPosition,
  renamingBusy,
  renamingCollides,
} from '@boostercloud/streamers/state'
import type { DynamoTable } from '../table/dynamo-table'
import {
  addressKey,
  ignoredKey,
  inboxKey,
  inboxNames,
  parkedKey,
  pausedKey,
  pendingKey,
  pendingPartition,
  placeAgain,
  timerKey,
} from '../table/keys'
import type { RowKey } from '../table/keys'
import { allPositions, inboxRows, pausedRows, positionRow } from './moved-rows'
import { all, inAllPartitions } from '../queries/park-queries'
import { attemptOf, toParked } from '../table/rows'
import type { IgnoredRow, InboxRow, ParkedRow, PendingRow, Row } from '../table/rows'
import { timerRows } from '../queries/timers'
import type { TimerRow } from '../table/timer-row'
import { WorkingCopy } from '../table/working-copy'

/** One row that gets another key. */
interface Move {
  readonly from: Row
  readonly to: Row
}

/**
 * Renames row by row, each in a transaction of its own, the inbox first: what was handled is known under the new name before anything parked is
 * tried under it. Cut off, it is asked for again and goes on.
 */
export async function renameIn(
  table: DynamoTable,
  renaming: Renaming,
  now: number,
  keepDeadMs: number
): Promise<Renamed> {
  const inbox = renaming.what === 'handler' ? await inboxMoves(table, renaming, now) : { moves: [], surplus: [] }
  const parked = await parkedMoves(table, renaming, keepDeadMs)
  const pending = renaming.what === 'address' ? await pendingMoves(table, renaming) : []
  const positions = await positionMoves(table, renaming)
  const paused = await pausedMoves(table, renaming)
  const timers = renaming.what === 'handler' ? await timerMoves(table, renaming) : []
  await refuseTaken(table, renaming, [...parked, ...pending, ...positions, ...timers])
  if (pending.length > 0) {
    await table.update(addressKey(renaming.to), {
      UpdateExpression: 'SET address = :address',
      ExpressionAttributeValues: { ':address': renaming.to },
    })
  }
  for (const move of [...inbox.moves, ...parked, ...timers, ...pending, ...positions, ...paused])
    await moveRow(table, move)
  for (const row of inbox.surplus) await removeRow(table, row)
  const ignoredTypes = renaming.what === 'address' ? await moveIgnored(table, renaming) : 0
  const dead = parked.filter(({ from }) => (from as ParkedRow).state === 'dead').length
  return {
    pending: pending.length,
    inbox: inbox.moves.length,
    parked: parked.length - dead,
    deadLetters: dead,
    timers: timers.length,
    pausedLinks: paused.length,
    positions: positions.length,
    ignoredTypes,
  }
}

/** Adds what was counted at an address to what was at another one, in one transaction: repeated, it adds nothing twice. Resolves with how many types there were. */
async function moveIgnored(table: DynamoTable, { from, to }: Renaming): Promise<number> {
  const [fromKey, toKey] = [ignoredKey(from), ignoredKey(to)]
  const rows = await table.get<IgnoredRow>([fromKey, toKey])
  const was = rows.find(({ sk }) => sk === fromKey.sk)
  if (!was) return 0
  const there = rows.find(({ sk }) => sk === toKey.sk)
  const copy = new WorkingCopy()
  copy.load(was, was)
  copy.load(toKey, there)
  copy.remove(was)
  // From the earliest on: what is added last says when the last one came.
  const all = [...was.ignored, ...(there?.ignored ?? [])].sort((one, other) => one.lastAt - other.lastAt)
  const ignored = all.reduce<readonly IgnoredType[]>((sum, one) => addIgnored(sum, { ...one, address: to }), [])
  copy.put<IgnoredRow>({ ...toKey, ignored })
  await table.transact(copy.writes())
  return was.ignored.length
}

async function inboxMoves(
  table: DynamoTable,
  renaming: Renaming,
  now: number
): Promise<{ moves: Move[]; surplus: Row[] }> {
  const rows = new Map<string, { row: InboxRow; source: string; id: string }>()
  for await (const { row, key } of inboxRows(table)) {
    if (key.handler === renaming.from)
      rows.set(JSON.stringify(inboxKey({ ...key, handler: renaming.to })), { row, ...key })
  }
  const moves: Move[] = []
  const surplus: Row[] = []
  const there = new Map(
    (await table.get<InboxRow>([...rows.keys()].map((key) => JSON.parse(key) as RowKey))).map((row) => [row.pk, row])
  )
  for (const [name, { row, source, id }] of rows) {
    if (row.state === 'claimed' && lasts(row.claimedUntil, now, LONGEST_LEASE_MS)) throw renamingBusy(renaming)
    const key = JSON.parse(name) as RowKey
    const other = there.get(key.pk)
    if (!other) moves.push({ from: row, to: { ...row, ...key, ...inboxNames({ handler: renaming.to, source, id }) } })
    else if (row.state === 'claimed' || (row.state === 'finished' && other.state === 'finished')) surplus.push(row)
    else throw renamingCollides(renaming, 'an event in progress')
  }
  return { moves, surplus }
}

async function parkedMoves(table: DynamoTable, { what, from, to }: Renaming, keepDeadMs: number): Promise<Move[]> {
  const rows = await inAllPartitions((pk) => table.query<ParkedRow>(all(pk)))
  return rows
    .filter((row) => row[what] === from)
    .map((row) => {
      const event = { ...toParked(row), [what]: to }
      const place = placeAgain(event, row.place)
      const key = parkedKey({ ...event, key: event.key })
      return { from: row, to: { ...row, ...key, [what]: to, place, ...attemptOf(event, place, keepDeadMs) } as Row }
    })
}

async function timerMoves(table: DynamoTable, { from, to }: Renaming): Promise<Move[]> {
  return (await timerRows(table))
    .filter(({ handler }) => handler === from)
    .map((row) => ({ from: row, to: { ...row, ...timerKey(to, row.name), handler: to } as TimerRow }))
}

async function pendingMoves(table: DynamoTable, { from, to }: Renaming): Promise<Move[]> {
  const rows = await table.query<PendingRow>({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pendingPartition(from) },
  })
  return rows.map((row) => ({ from: row, to: { ...row, ...pendingKey(to, row.id), address: to } as Row }))
}

async function positionMoves(table: DynamoTable, renaming: Renaming): Promise<Move[]> {
  return (await allPositions(table)).flatMap((row) => {
    const to = renamedPosition(row.name, renaming)
    return to === undefined ? [] : [{ from: row.row, to: positionRow(to, row.position) }]
  })
}

async function pausedMoves(table: DynamoTable, { what, from, to }: Renaming): Promise<Move[]> {
  return (await pausedRows(table))
    .filter((row) => row[what] === from)
    .map((row) => {
      const link = { address: row.address, handler: row.handler, [what]: to }
      return { from: row, to: { ...row, ...link, ...pausedKey(link.address, link.handler) } as Row }
    })
}

async function refuseTaken(table: DynamoTable, renaming: Renaming, moves: readonly Move[]): Promise<void> {
  const keys = moves.map(({ to: { pk, sk } }) => ({ pk, sk }))
  if ((await table.get(keys)).length > 0) throw renamingCollides(renaming, 'an event, a timer or a position')
}

async function moveRow(table: DynamoTable, { from, to }: Move): Promise<void> {
  const whole = await table.whole(from)
  const copy = new WorkingCopy()
  copy.load(from, from)
  const [there] = await table.get([to])
  copy.load(to, there)
  copy.remove(from)
  copy.put({ ...to, bytes: whole.bytes, parts: undefined })
  await table.transact(copy.writes())
}

async function removeRow(table: DynamoTable, row: Row): Promise<void> {
  const copy = new WorkingCopy()
  copy.load(row, row)
  copy.remove(row)
  await table.transact(copy.writes())
}
