import type { Claim, IgnoredType, ParkedEvent, PendingMark } from '@boostercloud/streamers/state'
import { inOrder, laneName, parkedKey } from './keys'
import type { RowKey } from './keys'

/** A row of the table, whatever it is of. */
export interface Row extends RowKey {
  /** Another one after each write. */
  readonly v?: string
  /** Large contents stand in so many further rows. */
  readonly parts?: number
  readonly bytes?: Uint8Array
  /** When DynamoDB may remove it, in seconds since 1970. */
  readonly expiresAt?: number
}

/** How far a handler is with an event. */
export interface InboxRow extends Row {
  readonly state: 'claimed' | 'outcome' | 'finished'
  readonly owner: string
  readonly claimedUntil: number
  readonly at: number
  /** Absent: nothing is suspected. */
  readonly starts?: number
  readonly slow?: number
  readonly address?: string
  readonly beganAt?: number
  /** Handler, source and id, where they are too long for the key. */
  readonly inboxOf?: string
}

/** What came to an address and no handler took. */
export interface IgnoredRow extends Row {
  readonly ignored: readonly IgnoredType[]
}

/** How far an address is settled. */
export interface PositionRow extends Row {
  readonly position: string
  /** Its name; absent where the key says it, or where it was written by a version that did not keep it. */
  readonly address?: string
}

export interface PendingRow extends Row, Omit<PendingMark, 'context'> {
  readonly place: number
  readonly context: string
  readonly refused?: string
}

export interface ParkedRow extends Row, Omit<ParkedEvent, 'event' | 'key' | 'cause' | 'place'> {
  readonly place: number
  /** Where the event is in its lane; absent where it does not block it. */
  readonly lane?: string
  /** `key` is a word of DynamoDB's. */
  readonly orderedBy?: string
  readonly cause?: string
}

/** A row of pending as a mark. */
export function toMark(row: PendingRow): PendingMark & { readonly place: number } {
  const { address, id, typeName, entityTypeName, entityId, slot, markedAt, owner, place } = row
  const context = JSON.parse(row.context) as PendingMark['context']
  return { address, id, typeName, entityTypeName, entityId, slot, markedAt, owner, context, place }
}

/** A row of the park, its bytes read, as a parked event. */
export function toParked(row: ParkedRow): ParkedEvent {
  const { place, address, handler, orderedBy, source, id, state, holds, attempts, dueAt, firstAt, lastAt, cause } = row
  return {
    place,
    address,
    handler,
    key: orderedBy,
    source,
    id,
    state,
    holds,
    attempts,
    dueAt,
    firstAt,
    lastAt,
    cause: cause === undefined ? undefined : (JSON.parse(cause) as ParkedEvent['cause']),
    event: row.bytes ?? new Uint8Array(),
  }
}

/** A parked event at its place. `keepDeadMs`: how long a dead letter that holds nothing is kept. */
export function parkedRow(event: ParkedEvent, place: number, keepDeadMs: number): ParkedRow {
  const lane = { address: event.address, handler: event.handler, key: event.key, source: event.source, id: event.id }
  return {
    ...parkedKey(lane),
    place,
    address: event.address,
    handler: event.handler,
    orderedBy: event.key,
    source: event.source,
    id: event.id,
    bytes: event.event,
    ...attemptOf(event, place, keepDeadMs),
  }
}

/** What changes with each attempt. */
export function attemptOf(
  event: ParkedEvent,
  place: number,
  keepDeadMs: number
): Pick<ParkedRow, 'lane' | 'state' | 'holds' | 'attempts' | 'dueAt' | 'firstAt' | 'lastAt' | 'cause' | 'expiresAt'> {
  const { state, holds, attempts, dueAt, firstAt, lastAt, cause } = event
  const blocks = state !== 'dead' || holds
  return {
    lane: blocks ? laneName(event) + inOrder(place) : undefined,
    expiresAt: blocks ? undefined : inSeconds(lastAt + keepDeadMs),
    cause: cause && JSON.stringify(cause),
    state,
    holds,
    attempts,
    dueAt,
    firstAt,
    lastAt,
  }
}

/** A row of the inbox, its bytes read, after a claim by that owner was tried. */
export function toClaim(row: InboxRow, owner: string, isBehind: boolean): Claim {
  if (row.state === 'finished') return { state: 'finished' }
  if (row.owner !== owner) return { state: 'elsewhere' }
  const { starts, slow = 0 } = row
  const suspected = starts === undefined ? {} : { suspicion: { starts, slow } }
  if (row.state === 'outcome') return { state: 'outcome', outcome: row.bytes ?? new Uint8Array(), ...suspected }
  return isBehind ? { state: 'behind' } : { state: 'claimed', ...suspected }
}

/** Milliseconds as DynamoDB's time to live has them. */
export function inSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000)
}
