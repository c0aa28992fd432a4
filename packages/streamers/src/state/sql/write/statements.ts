import type { StateChange } from '../../changes'
import type { ParkedEvent } from '../../records'
import { sql } from '../database'
import type { SqlStatement, SqlValue } from '../database'
import { NO_RUN, claimLost, columnsOf, finishStatements } from './finish'
import type { Finish } from './finish'
import { ignoredStatements } from './ignored'
import { markStatements, unmarkStatements } from './pending'
import type { MarkPending } from './pending'
import { cancelTimerStatements, setTimerStatements } from '../timers'
import type { SetTimer } from '../timers'
import { beginRunStatements, excuseRunStatements, releaseStatements } from './runs'

type ChangeNamed<K extends StateChange['do']> = Extract<StateChange, { do: K }>

/** The statements of each change. */
const STATEMENTS: {
  [K in Exclude<StateChange['do'], 'finish' | 'mark-pending' | 'set-timer'>]: (change: ChangeNamed<K>) => SqlStatement[]
} = {
  unmark: unmarkStatements,
  refuse: ({ address, id, cause }) => [
    sql('UPDATE pending SET refused = ?3 WHERE address = ?1 AND id = ?2', address, id, cause),
  ],
  'write-outcome': ({ key, owner, outcome }) => [
    {
      ...sql(
        `UPDATE inbox SET state = 'outcome', outcome = ?1, ${NO_RUN}
         WHERE handler = ?2 AND source = ?3 AND id = ?4 AND owner = ?5 AND state IN ('claimed', 'outcome') RETURNING 1 AS held`,
        outcome,
        ...columnsOf(key),
        owner
      ),
      check: (held) => {
        if (held.length === 0) throw claimLost(key)
      },
    },
  ],
  release: releaseStatements,
  'begin-run': beginRunStatements,
  'excuse-run': excuseRunStatements,
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
  'retry-now': ({ place, at }) => [
    sql(`UPDATE parked SET due_at = ?2 WHERE place = ?1 AND state = 'retry'`, place, at),
  ],
  unrefuse: ({ address, id }) => [sql('UPDATE pending SET refused = NULL WHERE address = ?1 AND id = ?2', address, id)],
  'pause-link': ({ address, handler, paused }) => [
    paused
      ? sql('INSERT INTO paused_links (address, handler) VALUES (?1, ?2) ON CONFLICT DO NOTHING', address, handler)
      : sql('DELETE FROM paused_links WHERE address = ?1 AND handler = ?2', address, handler),
  ],
  'cancel-timer': cancelTimerStatements,
  'count-ignored': ({ ignored }) => ignoredStatements(ignored),
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

/**
 * A list of changes as the statements of one transaction, in order; neighbors that say the same of several events share theirs.
 * @internal
 */
export function statementsOf(changes: readonly StateChange[]): SqlStatement[] {
  return neighbors(changes).flatMap((some) => {
    const [first] = some
    if (first.do === 'finish') return finishStatements(some as Finish[])
    if (first.do === 'mark-pending') return markStatements(some as MarkPending[])
    if (first.do === 'set-timer') return setTimerStatements(some as SetTimer[])
    return some.flatMap((change) => (STATEMENTS[first.do] as (change: StateChange) => SqlStatement[])(change))
  })
}

/** Changes in order, together with those beside them that are of the same kind. */
function neighbors(changes: readonly StateChange[]): StateChange[][] {
  const all: StateChange[][] = []
  for (const change of changes) {
    const last = all[all.length - 1]
    if (last && kindOf(last[0]) === kindOf(change)) last.push(change)
    else all.push([change])
  }
  return all
}

function kindOf(change: StateChange): string {
  if (change.do === 'set-timer' && change.ifNone) return 'set-timer if there is none'
  return change.do === 'finish' && change.owner !== undefined ? `finish by ${change.owner}` : change.do
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
