import { StreamerError, lasts } from '@boostercloud/streamer-connector'
import { LONGEST_LEASE_MS } from '@boostercloud/streamers/state'
import type { InboxKey, KnownRun, StateChange } from '@boostercloud/streamers/state'
import type { Desk } from './desk'
import type { DynamoTable } from '../table/dynamo-table'
import { inboxKey, partitions, runKey } from '../table/keys'
import { inSeconds } from '../table/rows'
import type { InboxRow, Row } from '../table/rows'
import type { WorkingCopy } from '../table/working-copy'

type ChangeNamed<K extends StateChange['do']> = Extract<StateChange, { do: K }>

/** Says where the inbox has something of a run. Nobody removes it; what it says is asked of the inbox, and DynamoDB forgets it after a while. */
type RunRow = Row & InboxKey

const FORGOTTEN_MS = 30 * 24 * 60 * 60 * 1000

/** What a row of the inbox says of runs when one has ended. */
export const NO_RUN = { starts: undefined, slow: undefined, address: undefined, beganAt: undefined } as const

/** A run begins. */
export function beginRun({ key, owner, address, at, counts }: ChangeNamed<'begin-run'>, { rows }: Desk): void {
  const claimed = claimedRow(rows, key, owner)
  const starts = counts ? (claimed.starts ?? 0) + 1 : claimed.starts
  rows.put<InboxRow>({ ...claimed, address, beganAt: at, starts })
  const { handler, source, id } = key
  rows.put<RunRow>({ ...runKey(key), handler, source, id, expiresAt: inSeconds(at + FORGOTTEN_MS) })
}

/** A run is not held against its event. */
export function excuseRun({ key, owner, because, counted }: ChangeNamed<'excuse-run'>, { rows }: Desk): void {
  const claimed = rows.get<InboxRow>(inboxKey(key))
  if (!claimed || claimed.state === 'finished' || claimed.owner !== owner) return
  const { starts, slow = 0 } = claimed
  const excused = starts === undefined ? undefined : Math.max(0, starts - (counted ? 1 : 0))
  const own = {
    'over-time': { starts: undefined, slow: undefined },
    'in-company': { starts: excused, slow: slow + 1 },
    left: { starts: excused, owner: '', beganAt: undefined },
  }[because]
  rows.put<InboxRow>({ ...claimed, ...own })
}

/** A claim is given back: the row goes, or, where it says something of runs that did not end, belongs to nobody. */
export function release({ key, owner, ended = false }: ChangeNamed<'release'>, { rows }: Desk): void {
  const claimed = rows.get<InboxRow>(inboxKey(key))
  if (claimed?.owner !== owner || claimed.state === 'finished') return
  if (claimed.state === 'outcome') {
    if (ended && claimed.starts !== undefined) rows.put<InboxRow>({ ...claimed, ...NO_RUN })
  } else if (ended || claimed.starts === undefined) rows.remove(claimed)
  else rows.put<InboxRow>({ ...claimed, owner: '', claimedUntil: 0, beganAt: undefined })
}

/** The claim of an owner, who still has it. */
export function claimedRow(rows: WorkingCopy, key: InboxKey, owner: string): InboxRow {
  const row = rows.get<InboxRow>(inboxKey(key))
  if (row && row.state !== 'finished' && row.owner === owner) return row
  throw new StreamerError(
    'CLAIM_LOST',
    `The claim of ${key.handler} on event ${key.id} has passed to another process.`,
    {
      hint: 'No action is needed. The other process finishes the event.',
      retryable: true,
    }
  )
}

/** Runs that the inbox knows of. */
export async function knownRuns(table: DynamoTable, now: number): Promise<KnownRun[]> {
  const runs = await table.query<RunRow>({
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partitions.runs },
  })
  const rows = new Map((await table.get<InboxRow>(runs.map(inboxKey))).map((row) => [row.pk, row]))
  return runs.flatMap((run): KnownRun[] => {
    const { handler, source, id } = run
    const row = rows.get(inboxKey(run).pk)
    if (!row?.address || row.state === 'finished') return []
    const { address, beganAt: since, claimedUntil, starts = 0 } = row
    return [{ address, handler, source, id, since, isClaimed: lasts(claimedUntil, now, LONGEST_LEASE_MS), starts }]
  })
}
