import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import type {
  Claim,
  ClaimRequest,
  ClaimTerms,
  KnownRun,
  IdentityNote,
  IgnoredType,
  LaneId,
  LinkFailure,
  MarksPage,
  ParkedCount,
  ParkedEvent,
  ParkedLane,
  PendingCount,
  PendingMark,
  PlausibleTime,
  Remains,
  Renamed,
  Renaming,
  StateChange,
  StateCounts,
  StateIdentity,
  StateRow,
  StateRowCounts,
  StateStore,
  Timer,
  TimersPage,
} from '@boostercloud/streamers/state'
import { claim } from './commit/claim'
import { Committer } from './commit/commit'
import type { KeptFor } from './commit/commit'
import { naming } from './table/dynamo-table'
import type { DynamoTable } from './table/dynamo-table'
import { expireDeadLetters, expireInbox, forgetKey } from './move/forget'
import { noteIdentity, readIdentity } from './move/identity'
import { controlKeys, partitions, positionKey, timerKey } from './table/keys'
import { lease, leaseHolders, release } from './leases'
import type { LeaseTerms } from './leases'
import { allPositions, hasContent, pausedRows, rowsIn, takeInto } from './move/moved-rows'
import { deadLetters, lastFailures, parkedByLink, parkedEvents, parkedLanes, parkedOf } from './queries/park-queries'
import { pendingAddresses, pendingByAddress, pendingMarks, refusedMarks } from './queries/pending-queries'
import { renameIn } from './move/rename'
import type { IgnoredRow, Row } from './table/rows'
import { knownRuns } from './commit/runs'
import { correctTimers, dueTimers, nextTimerAt } from './queries/timers'
import { toTimer, type TimerRow } from './table/timer-row'

/** Milliseconds for which a commit that was refused counts in a probe. */
const REMEMBERED_MS = 5_000
/** For which a probe proves that the table can be written. */
const PROBE_AFTER_MS = 1_000

/** Rows that one commit can surely take beside the outcome of a batch. */
const LARGEST_BATCH = 90

/** The state in one table of DynamoDB. A commit is in three zones when it resolves; reads see what was committed last. */
export class DynamoStateStore implements StateStore {
  public readonly largestBatch = LARGEST_BATCH
  private readonly committer: Committer
  private readonly underWay = new Set<Promise<unknown>>()
  private refused?: { readonly at: number; readonly error: StreamerError }
  private probedAt = Number.NEGATIVE_INFINITY
  private isClosed = false

  public constructor(
    private readonly table: DynamoTable,
    private readonly keptFor: KeptFor
  ) {
    this.committer = new Committer(table, keptFor)
  }

  public get name(): string {
    return this.table.name
  }

  public async commit(changes: readonly StateChange[]): Promise<void> {
    try {
      await this.do(() => this.committer.commit(changes))
    } catch (error) {
      if (isStreamerError(error, 'STORAGE_UNAVAILABLE')) this.refused = { at: performance.now(), error }
      throw error
    }
  }

  /** Writes one small row, at most once a second. */
  public async probe(): Promise<void> {
    const now = performance.now()
    if (this.refused && now - this.refused.at < REMEMBERED_MS) throw this.refused.error
    if (now - this.probedAt < PROBE_AFTER_MS) return
    await this.do(() =>
      this.table.update(controlKeys.probe, {
        UpdateExpression: 'SET #at = :now',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':now': Date.now() },
      })
    )
    this.probedAt = now
  }

  public async shred(): Promise<readonly Remains[]> {
    return Promise.resolve([
      {
        what: `Backups of the table ${this.name}, and its point-in-time recovery where that is on, still have what was removed.`,
        hint: 'Point-in-time recovery keeps it for 35 days at most. Delete backups as your rules require.',
        again: false,
      },
    ])
  }

  public claim(requests: readonly ClaimRequest[], terms: ClaimTerms): Promise<Claim[]> {
    return this.do(() => claim(this.table, requests, this.byTable(terms)))
  }

  public lease(names: readonly string[], terms: LeaseTerms): Promise<string[]> {
    return this.do(() => lease(this.table, names, this.byTable(terms)))
  }

  public leaseHolders(prefix: string, now: number): Promise<ReadonlyMap<string, string>> {
    return this.do(() => leaseHolders(this.table, prefix, now + this.table.aheadMs))
  }

  public release(names: readonly string[], owner: string): Promise<void> {
    return this.do(() => release(this.table, names, owner))
  }

  public pendingAddresses(): Promise<string[]> {
    return this.do(() => pendingAddresses(this.table))
  }

  public pendingMarks(address: string, page: MarksPage): Promise<(PendingMark & { readonly place: number })[]> {
    return this.do(() => pendingMarks(this.table, address, page))
  }

  public refusedMarks(limit: number): Promise<(PendingMark & { readonly cause: string })[]> {
    return this.do(() => refusedMarks(this.table, limit))
  }

  public pendingByAddress(): Promise<ReadonlyMap<string, PendingCount>> {
    return this.do(() => pendingByAddress(this.table))
  }

  public parkedLanes(address: string): Promise<ParkedLane[]> {
    return this.do(() => parkedLanes(this.table, address))
  }

  public parkedOf(lane: LaneId, limit: number): Promise<ParkedEvent[]> {
    return this.do(() => parkedOf(this.table, lane, limit))
  }

  public parkedEvents(limit: number, after = 0): Promise<ParkedEvent[]> {
    return this.do(() => parkedEvents(this.table, limit, after))
  }

  public deadLetters(limit: number, after = 0): Promise<ParkedEvent[]> {
    return this.do(() => deadLetters(this.table, limit, after))
  }

  public parkedByLink(): Promise<ParkedCount[]> {
    return this.do(() => parkedByLink(this.table))
  }

  public lastFailures(): Promise<LinkFailure[]> {
    return this.do(() => lastFailures(this.table))
  }

  public pausedLinks(): Promise<{ readonly address: string; readonly handler: string }[]> {
    return this.do(async () => (await pausedRows(this.table)).map(({ address, handler }) => ({ address, handler })))
  }

  public revision(): Promise<number> {
    return this.do(async () => {
      const [row] = await this.table.get<Row & { number: number }>([controlKeys.revision])
      return row?.number ?? 0
    })
  }

  public position(address: string): Promise<string | undefined> {
    return this.do(async () => {
      return (await this.table.get<Row & { position: string }>([positionKey(address)]))[0]?.position
    })
  }

  public dueTimers(page: TimersPage): Promise<Timer[]> {
    return this.do(() => dueTimers(this.table, page))
  }

  public nextTimerAt(): Promise<number | undefined> {
    return this.do(() => nextTimerAt(this.table))
  }

  public timer(handler: string, name: string): Promise<Timer | undefined> {
    return this.do(async () => {
      const [row] = await this.table.get<TimerRow>([timerKey(handler, name)])
      return row && toTimer(await this.table.whole(row))
    })
  }

  public correctTimers(now: number): Promise<number> {
    return this.do(() => correctTimers(this.table, now))
  }

  public knownRuns(now: number): Promise<KnownRun[]> {
    return this.do(() => knownRuns(this.table, now + this.table.aheadMs))
  }

  public ignoredTypes(): Promise<IgnoredType[]> {
    return this.do(async () => {
      const rows = await this.table.query<IgnoredRow>({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': partitions.ignored },
      })
      return rows.flatMap(({ ignored }) => ignored)
    })
  }

  /** Reads the whole table. */
  public positions(): Promise<{ readonly name: string; readonly position: string }[]> {
    return this.do(async () => (await allPositions(this.table)).map(({ name, position }) => ({ name, position })))
  }

  public identity(): Promise<StateIdentity> {
    return this.do(() => readIdentity(this.table))
  }

  public noteIdentity(notes: readonly IdentityNote[]): Promise<void> {
    return this.do(() => noteIdentity(this.table, notes))
  }

  public hasContent(): Promise<boolean> {
    return this.do(() => hasContent(this.table))
  }

  public rename(renaming: Renaming, now: number): Promise<Renamed> {
    return this.do(async () => {
      const renamed = await renameIn(this.table, renaming, now + this.table.aheadMs, this.keptFor.deadLetterMs)
      await this.committer.commit([{ do: 'notify' }])
      return renamed
    })
  }

  public rows(): AsyncIterable<StateRow> {
    return rowsIn(this.table)
  }

  public takeIn(rows: AsyncIterable<StateRow>, from?: string): Promise<StateRowCounts> {
    return this.do(() => takeInto(this.table, this.committer, rows, { from, inboxMs: this.keptFor.inboxMs }))
  }

  /** Without the inbox and the timers, whose counting would read all of them. */
  public counts(): Promise<StateCounts> {
    return this.do(async () => {
      const links = await parkedByLink(this.table)
      const pending = [...(await pendingByAddress(this.table)).values()]
      return {
        pending: pending.reduce((sum, { count }) => sum + count, 0),
        refused: (await refusedMarks(this.table, Infinity)).length,
        parked: links.reduce((sum, { parked }) => sum + parked, 0),
        deadLetters: links.reduce((sum, { deadLetters: dead }) => sum + dead, 0),
      }
    })
  }

  /** Reads the whole table; DynamoDB forgets by itself what has been kept for long enough. What was dated by a wrong clock is left to that. */
  public expireInbox(before: number, plausible?: PlausibleTime): Promise<number> {
    return this.do(() => expireInbox(this.table, before, plausible?.from))
  }

  public expireDeadLetters(before: number, plausible?: PlausibleTime): Promise<number> {
    return this.do(() => expireDeadLetters(this.table, before, plausible?.from))
  }

  public forgetKey(key: string): Promise<number> {
    return this.do(() => forgetKey(this.table, key))
  }

  public async close(): Promise<void> {
    this.isClosed = true
    await Promise.allSettled(this.underWay)
    this.table.close()
  }

  /** By DynamoDB's clock. */
  private byTable<T extends { readonly now: number }>(terms: T): T {
    return { ...terms, now: terms.now + this.table.aheadMs }
  }

  private async do<T>(work: () => Promise<T>): Promise<T> {
    if (this.isClosed) {
      throw new StreamerError('CLOSED', 'The streaming state is closed.', { at: this.name, hint: 'Open it again.' })
    }
    const working = naming(this.table, work)
    this.underWay.add(working)
    try {
      return await working
    } finally {
      this.underWay.delete(working)
    }
  }
}
