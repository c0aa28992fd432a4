import { addIgnored } from '@boostercloud/streamers/state'
import type { ParkedEvent, StateChange } from '@boostercloud/streamers/state'
import type { Desk } from './desk'
import { NO_RUN, beginRun, claimedRow, excuseRun, release } from './runs'
import {
  controlKeys,
  ignoredKey,
  inboxKey,
  inboxNames,
  parkedKey,
  pausedKey,
  pendingKey,
  placeIn,
  positionKey,
  runKey,
  timerKey,
} from '../table/keys'
import type { RowKey } from '../table/keys'
import { attemptOf, inSeconds, parkedRow, toParked } from '../table/rows'
import type { IgnoredRow, InboxRow, ParkedRow, PendingRow, PositionRow, Row } from '../table/rows'
import { timerRow } from '../table/timer-row'
import type { TimerRow } from '../table/timer-row'
import type { WorkingCopy } from '../table/working-copy'

type ChangeNamed<K extends StateChange['do']> = Extract<StateChange, { do: K }>

interface Rule<K extends StateChange['do']> {
  /** The rows that must be read before. */
  readonly needs: (change: ChangeNamed<K>, byPlace: Desk['byPlace']) => RowKey[]
  readonly apply: (change: ChangeNamed<K>, desk: Desk) => void
}

const RULES: { readonly [K in StateChange['do']]: Rule<K> } = {
  'mark-pending': {
    needs: ({ mark }) => [pendingKey(mark.address, mark.id)],
    apply: ({ mark }, { rows, nextPlace }) => {
      const key = pendingKey(mark.address, mark.id)
      const known = rows.get<PendingRow>(key)
      const { owner, markedAt } = mark
      if (known) rows.put({ ...known, owner, markedAt })
      else rows.put<PendingRow>({ ...mark, ...key, context: JSON.stringify(mark.context), place: nextPlace() })
    },
  },
  unmark: {
    needs: ({ address, ids }) => ids.map((id) => pendingKey(address, id)),
    apply: ({ address, ids, owner }, { rows }) => {
      for (const key of ids.map((id) => pendingKey(address, id))) {
        if (owner === undefined || rows.get<PendingRow>(key)?.owner === owner) rows.remove(key)
      }
    },
  },
  refuse: {
    needs: ({ address, id }) => [pendingKey(address, id)],
    apply: ({ address, id, cause }, { rows }) => changed(rows, pendingKey(address, id), { refused: cause }),
  },
  unrefuse: {
    needs: ({ address, id }) => [pendingKey(address, id)],
    apply: ({ address, id }, { rows }) => changed(rows, pendingKey(address, id), { refused: undefined }),
  },
  'write-outcome': {
    needs: ({ key }) => [inboxKey(key)],
    apply: ({ key, owner, outcome }, { rows }) => {
      const claimed = claimedRow(rows, key, owner)
      rows.put<InboxRow>({ ...claimed, ...NO_RUN, state: 'outcome', bytes: outcome, parts: undefined })
    },
  },
  finish: {
    needs: ({ key }) => [inboxKey(key)],
    apply: ({ key, at, owner }, { rows, inboxMs }) => {
      if (owner !== undefined) claimedRow(rows, key, owner)
      const expiresAt = inSeconds(at + inboxMs)
      const finished = { state: 'finished', owner: '', claimedUntil: 0, at, expiresAt } as const
      rows.put<InboxRow>({ ...inboxKey(key), ...inboxNames(key), ...finished })
    },
  },
  release: {
    needs: ({ key }) => [inboxKey(key)],
    apply: release,
  },
  'begin-run': { needs: ({ key }) => [inboxKey(key), runKey(key)], apply: beginRun },
  'excuse-run': { needs: ({ key }) => [inboxKey(key)], apply: excuseRun },
  park: { needs: ({ event }) => [parkedKey(event)], apply: ({ event }, desk) => park(event, desk) },
  repark: {
    needs: ({ place }, byPlace) => known(byPlace, place),
    apply: ({ place, event }, { rows, byPlace, deadLetterMs }) => {
      for (const key of known(byPlace, place)) {
        const parked = rows.get<ParkedRow>(key)
        if (parked) changed(rows, key, attemptOf({ ...toParked(parked), ...tried(event) }, place, deadLetterMs))
      }
    },
  },
  unpark: {
    needs: ({ place }, byPlace) => known(byPlace, place),
    apply: ({ place }, { rows, byPlace }) => known(byPlace, place).forEach((key) => rows.remove(key)),
  },
  redrive: {
    needs: ({ place }, byPlace) => [byPlace.get(place)].flatMap((row) => (row ? [keyOf(row), inboxKey(row)] : [])),
    apply: ({ place, at }, desk) => {
      const parked = desk.byPlace.get(place)
      if (parked) redrive(parked, at, desk)
    },
  },
  'retry-now': {
    needs: ({ place }, byPlace) => known(byPlace, place),
    apply: ({ place, at }, { rows, byPlace }) => {
      for (const key of known(byPlace, place)) {
        if (rows.get<ParkedRow>(key)?.state === 'retry') changed(rows, key, { dueAt: at })
      }
    },
  },
  'pause-link': {
    needs: ({ address, handler }) => [pausedKey(address, handler)],
    apply: ({ address, handler, paused }, { rows }) => {
      const key = pausedKey(address, handler)
      if (paused) rows.put<Row & { address: string; handler: string }>({ ...key, address, handler })
      else rows.remove(key)
    },
  },
  'count-ignored': {
    needs: ({ ignored }) => [ignoredKey(ignored.address)],
    apply: ({ ignored }, { rows }) => {
      const key = ignoredKey(ignored.address)
      rows.put<IgnoredRow>({ ...key, ignored: addIgnored(rows.get<IgnoredRow>(key)?.ignored ?? [], ignored) })
    },
  },
  'set-timer': {
    needs: ({ timer: { handler, name } }) => [timerKey(handler, name)],
    apply: ({ timer, ifNone }, { rows }) => {
      const isSet = rows.get(timerKey(timer.handler, timer.name)) !== undefined
      if (!ifNone || !isSet) rows.put<TimerRow>(timerRow(timer))
    },
  },
  'cancel-timer': {
    needs: ({ handler, name }) => [timerKey(handler, name)],
    apply: ({ handler, name, id }, { rows }) => {
      const known = rows.get<TimerRow>(timerKey(handler, name))
      if (known && (id === undefined || known.id === id)) rows.remove(known)
    },
  },
  notify: {
    needs: () => [controlKeys.revision],
    apply: (_, { rows }) => {
      const revision = rows.get<Row & { number: number }>(controlKeys.revision)
      rows.put<Row & { number: number }>({ ...controlKeys.revision, number: (revision?.number ?? 0) + 1 })
    },
  },
  'move-position': {
    needs: ({ address }) => [positionKey(address)],
    apply: ({ address, position }, { rows }) => rows.put<PositionRow>({ ...positionKey(address), address, position }),
  },
}

/** The rows that a change must have read before it is made. */
export function needsOf(change: StateChange, byPlace: Desk['byPlace']): RowKey[] {
  const { needs } = RULES[change.do] as unknown as Rule<StateChange['do']>
  return needs(change as never, byPlace)
}

/** Makes a change on rows that were read. Throws `CLAIM_LOST` where a claim that it rests on has passed to another. */
export function applyChange(change: StateChange, desk: Desk): void {
  const { apply } = RULES[change.do] as unknown as Rule<StateChange['do']>
  apply(change as never, desk)
}

function park(event: ParkedEvent, { rows, nextPlace, deadLetterMs }: Desk): void {
  const there = rows.get<ParkedRow>(parkedKey(event))
  if (!there) return rows.put(parkedRow(event, placeIn(event, nextPlace()), deadLetterMs))
  if (event.attempts === 0 || there.state === 'dead') return
  const attempts = there.attempts + event.attempts
  const again = { ...tried(event), attempts, firstAt: there.firstAt }
  changed(rows, there, attemptOf({ ...toParked(there), ...again }, there.place, deadLetterMs))
}

function redrive(parked: ParkedRow, at: number, { rows, deadLetterMs }: Desk): void {
  const row = rows.get<ParkedRow>(parked)
  if (row?.state !== 'dead') return
  if (rows.get<InboxRow>(inboxKey(row))?.state === 'finished') rows.remove(inboxKey(row))
  if (row.handler === '') return
  const again = { state: 'retry', holds: false, attempts: 0, dueAt: at } as const
  changed(rows, row, attemptOf({ ...toParked(row), ...again }, row.place, deadLetterMs))
}

function changed(rows: WorkingCopy, key: RowKey, own: object): void {
  const row = rows.get(key)
  if (row) rows.put({ ...row, ...own })
}

function tried(event: ParkedEvent): Partial<ParkedEvent> {
  const { state, holds, attempts, dueAt, firstAt, lastAt, cause } = event
  return { state, holds, attempts, dueAt, firstAt, lastAt, cause }
}

function known(byPlace: Desk['byPlace'], place: number): RowKey[] {
  const row = byPlace.get(place)
  return row ? [keyOf(row)] : []
}

function keyOf({ pk, sk }: RowKey): RowKey {
  return { pk, sk }
}
