import type { InboxKey, StateRow, StateRowCounts, TakingStore } from '@boostercloud/streamers/state'
import {
  markOfRow,
  parkedOfRow,
  rowOfMark,
  rowOfParked,
  rowOfTimer,
  takeOver,
  timerOfRow,
} from '@boostercloud/streamers/state'
import type { Committer } from '../commit/commit'
import type { DynamoTable } from '../table/dynamo-table'
import { noteIdentity, readIdentity } from './identity'
import {
  INBOX,
  POSITION,
  inboxKey,
  inboxKeyOf,
  inboxNames,
  partitions,
  pendingPartition,
  positionKey,
} from '../table/keys'
import { all, inAllPartitions } from '../queries/park-queries'
import { knownAddresses } from '../queries/pending-queries'
import { inSeconds, toMark, toParked } from '../table/rows'
import type { InboxRow, ParkedRow, PendingRow, PositionRow, Row } from '../table/rows'
import { timerRows } from '../queries/timers'
import { toTimer } from '../table/timer-row'
import { WorkingCopy } from '../table/working-copy'

/** Rows of the inbox and of positions that are written at once. */
const AT_ONCE = 25

/** A position by its name. */
export interface NamedPosition {
  readonly name: string
  readonly position: string
  readonly row: PositionRow
}

type PausedRow = Row & { readonly address: string; readonly handler: string }

/** All rows of the inbox whose names are known: reads the whole table. */
export async function* inboxRows(
  table: DynamoTable
): AsyncGenerator<{ readonly row: InboxRow; readonly key: InboxKey }, void, undefined> {
  const filter = {
    FilterExpression: 'begins_with(pk, :inbox) AND attribute_exists(#state)',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':inbox': INBOX },
  }
  for await (const rows of table.scan<InboxRow>(filter)) {
    for (const row of rows) {
      const key = inboxKeyOf(row)
      if (key) yield { row, key }
    }
  }
}

/** All positions: reads the whole table. */
export async function allPositions(table: DynamoTable): Promise<NamedPosition[]> {
  const filter = {
    FilterExpression: 'begins_with(pk, :position)',
    ExpressionAttributeValues: { ':position': POSITION },
  }
  const found: NamedPosition[] = []
  for await (const rows of table.scan<PositionRow>(filter)) {
    for (const row of rows) {
      found.push({ name: row.address ?? row.pk.slice(POSITION.length), position: row.position, row })
    }
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** A row of a position. */
export function positionRow(address: string, position: string): PositionRow {
  return { ...positionKey(address), address, position }
}

/** The links that are paused. */
export async function pausedRows(table: DynamoTable): Promise<PausedRow[]> {
  return table.query<PausedRow>({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partitions.paused },
  })
}

/** All that another state would take over. */
export async function* rowsIn(table: DynamoTable): AsyncGenerator<StateRow, void, undefined> {
  for (const row of await pendingRows(table)) yield rowOfMark(toMark(row), row.refused)
  for await (const { row, key } of inboxRows(table)) yield rowOfInbox(await table.whole(row), key)
  for (const row of await parkedRows(table)) yield rowOfParked(toParked(await table.whole(row)))
  for (const row of await timerRows(table)) yield rowOfTimer(toTimer(await table.whole(row)))
  for (const { address, handler } of await pausedRows(table)) yield { table: 'paused_links', row: { address, handler } }
  for (const { name, position } of await allPositions(table))
    yield { table: 'positions', row: { address: name, position } }
}

function rowOfInbox(inbox: InboxRow, { handler, source, id }: InboxKey): StateRow {
  const { bytes = null, state, at, starts = null, slow = 0, address = null, owner } = inbox
  const held = state === 'claimed' && owner !== '' ? (starts ?? 0) : starts
  const claim = { owner: '', claimed_until: 0, starts: held, slow, address, began_at: null }
  return { table: 'inbox', row: { ...claim, handler, source, id, state, at, outcome: bytes } }
}

/** Whether anything is kept that would be missed. */
export async function hasContent(table: DynamoTable): Promise<boolean> {
  for await (const _row of rowsIn(table)) return true
  return false
}

/** Takes rows of another state over. */
export function takeInto(
  table: DynamoTable,
  committer: Committer,
  rows: AsyncIterable<StateRow>,
  { from, inboxMs }: { readonly from?: string; readonly inboxMs: number }
): Promise<StateRowCounts> {
  const store: TakingStore = {
    name: table.name,
    identity: () => readIdentity(table),
    note: (notes) => noteIdentity(table, notes),
    hasContent: () => hasContent(table),
    empty: () => empty(table),
    async write(taken) {
      const inbox: InboxRow[] = []
      for await (const row of taken) {
        if (row.table !== 'inbox') await committer.commit(changesOf(row))
        else if (inbox.push(inboxRow(row, inboxMs)) === AT_ONCE) await writeNew(table, inbox.splice(0))
      }
      await writeNew(table, inbox)
    },
  }
  return takeOver(store, rows, from)
}

function changesOf(moved: StateRow): Parameters<Committer['commit']>[0] {
  const { row } = moved
  if (moved.table === 'pending') {
    const { place: _, ...mark } = markOfRow(row)
    const marked = { do: 'mark-pending', mark } as const
    if (row.refused === null || row.refused === undefined) return [marked]
    return [marked, { do: 'refuse', address: mark.address, id: mark.id, cause: String(row.refused) }]
  }
  if (moved.table === 'parked') return [{ do: 'park', event: { ...parkedOfRow(row), place: undefined } }]
  if (moved.table === 'timers') return [{ do: 'set-timer', timer: timerOfRow(row) }]
  const [address, other] = [String(row.address), String(row.handler ?? row.position)]
  if (moved.table === 'positions') return [{ do: 'move-position', address, position: other }]
  return [{ do: 'pause-link', address, handler: other, paused: true }]
}

function inboxRow({ row }: StateRow, inboxMs: number): InboxRow {
  const key = { handler: String(row.handler), source: String(row.source), id: String(row.id) }
  const [state, at] = [String(row.state) as InboxRow['state'], Number(row.at)]
  const bytes = row.outcome instanceof Uint8Array ? row.outcome : undefined
  const expiresAt = state === 'finished' ? inSeconds(at + inboxMs) : undefined
  const starts = row.starts === null || row.starts === undefined ? undefined : Number(row.starts)
  const runs = { starts, slow: Number(row.slow ?? 0), address: row.address ? String(row.address) : undefined }
  return { ...inboxKey(key), ...inboxNames(key), ...runs, state, at, bytes, expiresAt, owner: '', claimedUntil: 0 }
}

async function writeNew(table: DynamoTable, rows: readonly Row[]): Promise<void> {
  const copy = new WorkingCopy()
  for (const row of rows) {
    copy.load(row, undefined)
    copy.put(row)
  }
  await table.transact(copy.writes())
}

async function empty(table: DynamoTable): Promise<void> {
  const rows: Row[] = [...(await pendingRows(table)), ...(await parkedRows(table)), ...(await pausedRows(table))]
  rows.push(...(await timerRows(table)))
  rows.push(...(await allPositions(table)).map(({ row }) => row))
  for await (const { row } of inboxRows(table)) rows.push(row)
  for (const row of rows) {
    const copy = new WorkingCopy()
    copy.load(row, row)
    copy.remove(row)
    await table.transact(copy.writes())
  }
}

async function pendingRows(table: DynamoTable): Promise<PendingRow[]> {
  const rows: PendingRow[] = []
  for (const address of await knownAddresses(table)) {
    const values = { ':pk': pendingPartition(address) }
    rows.push(
      ...(await table.query<PendingRow>({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values }))
    )
  }
  return rows.sort((one, other) => one.place - other.place)
}

async function parkedRows(table: DynamoTable): Promise<ParkedRow[]> {
  const rows = await inAllPartitions((pk) => table.query<ParkedRow>(all(pk)))
  return rows.sort((one, other) => one.place - other.place)
}
