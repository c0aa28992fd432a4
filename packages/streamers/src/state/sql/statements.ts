import { StreamerError } from '@boostercloud/streamer-connector'
import type { InboxKey, StateChange } from '../changes'
import type { ParkedEvent, PendingMark } from '../records'
import { sql } from './database'
import type { SqlStatement, SqlValue } from './database'

type ChangeNamed<K extends StateChange['do']> = Extract<StateChange, { do: K }>

/** The statements of each change. */
const STATEMENTS: { [K in StateChange['do']]: (change: ChangeNamed<K>) => SqlStatement[] } = {
  'mark-pending': ({ mark }) => [
    sql(
      `INSERT INTO pending (address, id, type_name, entity_type_name, entity_id, slot, marked_at, owner, context)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (address, id) DO UPDATE
         SET owner = excluded.owner, marked_at = excluded.marked_at`,
      ...markValues(mark)
    ),
  ],
  unmark: ({ address, ids, owner }) =>
    ids.map((id) =>
      owner === undefined
        ? sql('DELETE FROM pending WHERE address = ?1 AND id = ?2', address, id)
        : sql('DELETE FROM pending WHERE address = ?1 AND id = ?2 AND owner = ?3', address, id, owner)
    ),
  refuse: ({ address, id, cause }) => [
    sql('UPDATE pending SET refused = ?3 WHERE address = ?1 AND id = ?2', address, id, cause),
  ],
  'write-outcome': ({ key, owner, outcome }) => [
    stillClaimed(key, owner),
    sql(
      `UPDATE inbox SET state = 'outcome', outcome = ?4 WHERE handler = ?1 AND source = ?2 AND id = ?3`,
      key.handler,
      key.source,
      key.id,
      outcome
    ),
  ],
  finish: ({ key, at, owner }) => [
    ...(owner === undefined ? [] : [stillClaimed(key, owner)]),
    sql(
      `INSERT INTO inbox (handler, source, id, state, owner, claimed_until, at)
       VALUES (?1, ?2, ?3, 'finished', '', 0, ?4)
       ON CONFLICT (handler, source, id) DO UPDATE SET state = 'finished', outcome = NULL, at = excluded.at`,
      key.handler,
      key.source,
      key.id,
      at
    ),
  ],
  release: ({ key, owner }) => [
    sql(
      `DELETE FROM inbox WHERE handler = ?1 AND source = ?2 AND id = ?3 AND owner = ?4 AND state = 'claimed'`,
      key.handler,
      key.source,
      key.id,
      owner
    ),
  ],
  park: ({ event }) => [
    sql(
      `INSERT INTO parked
         (address, handler, lane, source, id, state, holds, attempts, due_at, first_at, last_at, cause, event)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
       ON CONFLICT (address, handler, source, id) DO UPDATE
         SET state = excluded.state, holds = excluded.holds, attempts = parked.attempts + excluded.attempts,
             due_at = excluded.due_at, last_at = excluded.last_at, cause = excluded.cause
         WHERE excluded.attempts > 0 AND parked.state <> 'dead'`,
      event.address,
      event.handler,
      event.key ?? null,
      event.source,
      event.id,
      ...attemptValues(event),
      event.event
    ),
  ],
  repark: ({ place, event }) => [
    sql(
      `UPDATE parked SET state = ?2, holds = ?3, attempts = ?4, due_at = ?5, first_at = ?6, last_at = ?7, cause = ?8
       WHERE place = ?1`,
      place,
      ...attemptValues(event)
    ),
  ],
  redrive: ({ place, at }) => [
    sql(
      `DELETE FROM inbox WHERE state = 'finished' AND EXISTS (
         SELECT 1 FROM parked WHERE parked.place = ?1 AND parked.state = 'dead'
         AND parked.handler = inbox.handler AND parked.source = inbox.source AND parked.id = inbox.id)`,
      place
    ),
    sql(
      `UPDATE parked SET state = 'retry', holds = 0, attempts = 0, due_at = ?2
       WHERE place = ?1 AND state = 'dead' AND handler <> ''`,
      place,
      at
    ),
  ],
  unrefuse: ({ address, id }) => [sql('UPDATE pending SET refused = NULL WHERE address = ?1 AND id = ?2', address, id)],
  'pause-link': ({ address, handler, paused }) => [
    paused
      ? sql('INSERT INTO paused_links (address, handler) VALUES (?1, ?2) ON CONFLICT DO NOTHING', address, handler)
      : sql('DELETE FROM paused_links WHERE address = ?1 AND handler = ?2', address, handler),
  ],
  notify: () => [sql('UPDATE revision SET number = number + 1')],
  unpark: ({ place }) => [sql('DELETE FROM parked WHERE place = ?1', place)],
  'move-position': ({ address, position }) => [
    sql(
      `INSERT INTO positions (address, position) VALUES (?1, ?2)
       ON CONFLICT (address) DO UPDATE SET position = excluded.position`,
      address,
      position
    ),
  ],
}

/** A list of changes as the statements of one transaction. */
export function statementsOf(changes: readonly StateChange[]): SqlStatement[] {
  return changes.flatMap((change) => (STATEMENTS[change.do] as (change: StateChange) => SqlStatement[])(change))
}

function markValues(mark: PendingMark): SqlValue[] {
  return [
    mark.address,
    mark.id,
    mark.typeName,
    mark.entityTypeName,
    mark.entityId,
    mark.slot,
    mark.markedAt,
    mark.owner,
    JSON.stringify(mark.context),
  ]
}

function attemptValues(event: ParkedEvent): SqlValue[] {
  return [
    event.state,
    event.holds ? 1 : 0,
    event.attempts,
    event.dueAt,
    event.firstAt,
    event.lastAt,
    event.cause ? JSON.stringify(event.cause) : null,
  ]
}

/** Locks the claim, and undoes the transaction where it is not the owner's any more. */
function stillClaimed(key: InboxKey, owner: string): SqlStatement {
  return {
    ...sql(
      `UPDATE inbox SET owner = owner
       WHERE handler = ?1 AND source = ?2 AND id = ?3 AND owner = ?4 AND state IN ('claimed', 'outcome') RETURNING 1 AS held`,
      key.handler,
      key.source,
      key.id,
      owner
    ),
    check: (rows) => {
      if (rows.length === 0) throw claimLost(key)
    },
  }
}

function claimLost({ handler, id }: InboxKey): StreamerError {
  return new StreamerError('CLAIM_LOST', `The claim of ${handler} on event ${id} has passed to another process.`, {
    mend: 'Nothing is to be done: the other process finishes the event.',
    retryable: true,
  })
}
