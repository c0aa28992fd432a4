import { lasts } from '@boostercloud/streamer-connector'
import type { Claim, KnownRun, ParkedEvent, ParkedLane, PendingMark } from '../records'
import type { LinkFailure } from '../state-store'
import type { SqlRow, SqlValue } from './database'
import { LONGEST_LEASE_MS } from '../../timing'

const text = (value: SqlValue | undefined): string => String(value)
const bytes = (value: SqlValue | undefined): Uint8Array => value as Uint8Array

/**
 * A row of `pending`.
 * @internal
 */
export function toMark(row: SqlRow): PendingMark & { readonly place: number } {
  return {
    place: Number(row.place),
    address: text(row.address),
    id: text(row.id),
    typeName: text(row.type_name),
    entityTypeName: text(row.entity_type_name),
    entityId: text(row.entity_id),
    slot: Number(row.slot),
    markedAt: Number(row.marked_at),
    owner: text(row.owner),
    context: JSON.parse(text(row.context)) as PendingMark['context'],
  }
}

/** A row of `inbox`, after a claim by that owner was tried; undefined where it has been forgotten since. */
export function toClaim(row: SqlRow | undefined, owner: string, isBehind: boolean): Claim {
  if (row?.state === 'finished') return { state: 'finished' }
  if (row?.owner !== owner) return { state: 'elsewhere' }
  const suspected = row.starts === null ? {} : { suspicion: { starts: Number(row.starts), slow: Number(row.slow) } }
  if (row.state === 'outcome') return { state: 'outcome', outcome: bytes(row.outcome), ...suspected }
  return isBehind ? { state: 'behind' } : { state: 'claimed', ...suspected }
}

/** A row of `inbox` whose address is known. */
export function toRun(row: SqlRow, now: number): KnownRun {
  return {
    address: text(row.address),
    handler: text(row.handler),
    source: text(row.source),
    id: text(row.id),
    since: row.began_at === null ? undefined : Number(row.began_at),
    isClaimed: lasts(Number(row.claimed_until), now, LONGEST_LEASE_MS),
    starts: Number(row.starts ?? 0),
  }
}

/**
 * A row of `parked`.
 * @internal
 */
export function toParked(row: SqlRow): ParkedEvent {
  return {
    place: Number(row.place),
    address: text(row.address),
    handler: text(row.handler),
    key: row.lane === null ? undefined : text(row.lane),
    source: text(row.source),
    id: text(row.id),
    state: text(row.state) as ParkedEvent['state'],
    holds: Number(row.holds) === 1,
    attempts: Number(row.attempts),
    dueAt: Number(row.due_at),
    firstAt: Number(row.first_at),
    lastAt: Number(row.last_at),
    cause: row.cause === null ? undefined : (JSON.parse(text(row.cause)) as ParkedEvent['cause']),
    event: bytes(row.event),
  }
}

/** The last failure among some of `parked`. */
export function toFailure(row: SqlRow): LinkFailure {
  return {
    address: text(row.address),
    handler: text(row.handler),
    at: Number(row.last_at),
    cause: JSON.parse(text(row.cause)) as LinkFailure['cause'],
  }
}

/** A group of `parked`. */
export function toLane(row: SqlRow): ParkedLane {
  const lane = { address: text(row.address), handler: text(row.handler), parked: Number(row.parked) }
  return row.lane === null ? { ...lane, source: text(row.source), id: text(row.id) } : { ...lane, key: text(row.lane) }
}
