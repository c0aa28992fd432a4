import { furthestEnd } from '@boostercloud/streamer-connector'
import { renamedPosition, renamingBusy, renamingCollides } from '../../renaming'
import type { Renamed, Renaming } from '../../renaming'
import { sql } from '../database'
import { ignoredMoves } from '../write/ignored'
import { LONGEST_LEASE_MS } from '../../../timing'
import type { SqlDatabase, SqlRow, SqlStatement } from '../database'

/**
 * A statement whose rows, should there be any, undo the renaming. They may be looked at only when everything was sent, so the statements behind it
 * break no rule of the tables by themselves.
 */
function unless(statement: SqlStatement, error: () => Error): SqlStatement {
  return {
    ...statement,
    check: (rows) => {
      if (rows.length > 0) throw error()
    },
  }
}

/** Renames everywhere in one transaction, or nowhere. `now` in milliseconds since 1970: claims that last longer are somebody's. */
export async function renameIn(database: SqlDatabase, renaming: Renaming, now: number): Promise<Renamed> {
  const positions = (await database.query(sql('SELECT address FROM positions'))).flatMap(({ address }) => {
    const to = renamedPosition(String(address), renaming)
    return to === undefined ? [] : [{ from: String(address), to }]
  })
  const steps = renaming.what === 'handler' ? handlerSteps(renaming, now) : addressSteps(renaming)
  const moves = positions.flatMap(({ from, to }) => movePosition(renaming, from, to))
  const { pending = [], inbox = [], parked, timers = [], paused } = steps
  const ignored = renaming.what === 'address' ? ignoredMoves(renaming) : []
  const revision = [sql('UPDATE revision SET number = number + 1')]
  const parts = [steps.checks, pending, inbox, parked, timers, paused, ignored, moves, revision]
  const rows = await database.transaction(parts.flat())
  const at = (index: number): number => parts.slice(0, index).reduce((sum, part) => sum + part.length, 0)
  const of = (index: number, part: readonly SqlStatement[]): SqlRow[] => (part.length > 0 ? rows[at(index)] : [])
  const moved = of(3, parked)
  return {
    pending: of(1, pending).length,
    inbox: of(2, inbox).length,
    parked: moved.filter(({ state }) => state !== 'dead').length,
    deadLetters: moved.filter(({ state }) => state === 'dead').length,
    timers: of(4, timers).length,
    pausedLinks: rows[at(5) + 1].length,
    positions: positions.length,
    ignoredTypes: of(6, ignored).length,
  }
}

/** In each list but the first, and of paused links in the second of the list, the first statement answers what was renamed. */
interface Steps {
  readonly checks: SqlStatement[]
  readonly pending?: SqlStatement[]
  readonly inbox?: SqlStatement[]
  readonly parked: SqlStatement[]
  readonly timers?: SqlStatement[]
  readonly paused: SqlStatement[]
}

function handlerSteps(renaming: Renaming, now: number): Steps {
  const { from, to } = renaming
  return {
    checks: [
      unless(
        sql(
          `SELECT 1 AS busy FROM inbox WHERE handler = ?1 AND state = 'claimed' AND claimed_until > ?2 AND claimed_until <= ?3 LIMIT 1`,
          from,
          now,
          furthestEnd(now, LONGEST_LEASE_MS)
        ),
        () => renamingBusy(renaming)
      ),
      unless(
        sql(
          `SELECT 1 AS found FROM inbox was, inbox other WHERE was.handler = ?1 AND other.handler = ?2
           AND other.source = was.source AND other.id = was.id
           AND was.state <> 'claimed' AND NOT (was.state = 'finished' AND other.state = 'finished') LIMIT 1`,
          from,
          to
        ),
        () => renamingCollides(renaming, 'an event in progress')
      ),
      unless(
        sql(
          `SELECT 1 AS found FROM parked was, parked other WHERE was.handler = ?1 AND other.handler = ?2
           AND other.address = was.address AND other.source = was.source AND other.id = was.id LIMIT 1`,
          from,
          to
        ),
        () => renamingCollides(renaming, 'a parked event or dead letter')
      ),
      unless(
        sql(
          `SELECT 1 AS found FROM timers was, timers other WHERE was.handler = ?1 AND other.handler = ?2
           AND other.name = was.name LIMIT 1`,
          from,
          to
        ),
        () => renamingCollides(renaming, 'a timer')
      ),
    ],
    timers: [
      sql(
        `UPDATE timers SET handler = ?2 WHERE handler = ?1 AND NOT EXISTS (
           SELECT 1 FROM timers other WHERE other.handler = ?2 AND other.name = timers.name)
         RETURNING 1 AS renamed`,
        from,
        to
      ),
    ],
    inbox: [
      sql(
        `UPDATE inbox SET handler = ?2 WHERE handler = ?1 AND NOT EXISTS (
           SELECT 1 FROM inbox other WHERE other.handler = ?2 AND other.source = inbox.source AND other.id = inbox.id)
         RETURNING 1 AS renamed`,
        from,
        to
      ),
      sql('DELETE FROM inbox WHERE handler = ?1', from),
    ],
    parked: [
      sql(
        `UPDATE parked SET handler = ?2 WHERE handler = ?1 AND NOT EXISTS (
           SELECT 1 FROM parked other WHERE other.handler = ?2 AND other.address = parked.address
           AND other.source = parked.source AND other.id = parked.id)
         RETURNING state`,
        from,
        to
      ),
    ],
    paused: [
      sql(
        `INSERT INTO paused_links (address, handler) SELECT address, ?2 FROM paused_links WHERE handler = ?1
         ON CONFLICT DO NOTHING`,
        from,
        to
      ),
      sql('DELETE FROM paused_links WHERE handler = ?1 RETURNING 1 AS renamed', from),
    ],
  }
}

function addressSteps(renaming: Renaming): Steps {
  const { from, to } = renaming
  return {
    checks: [
      unless(
        sql(
          'SELECT 1 AS found FROM pending was, pending other WHERE was.address = ?1 AND other.address = ?2 AND other.id = was.id LIMIT 1',
          from,
          to
        ),
        () => renamingCollides(renaming, 'an event that waits for its broker')
      ),
      unless(
        sql(
          `SELECT 1 AS found FROM parked was, parked other WHERE was.address = ?1 AND other.address = ?2
           AND other.handler = was.handler AND other.source = was.source AND other.id = was.id LIMIT 1`,
          from,
          to
        ),
        () => renamingCollides(renaming, 'a parked event or dead letter')
      ),
    ],
    inbox: [sql('UPDATE inbox SET address = ?2 WHERE address = ?1', from, to)],
    pending: [
      sql(
        `UPDATE pending SET address = ?2 WHERE address = ?1 AND NOT EXISTS (
           SELECT 1 FROM pending other WHERE other.address = ?2 AND other.id = pending.id)
         RETURNING 1 AS renamed`,
        from,
        to
      ),
    ],
    parked: [
      sql(
        `UPDATE parked SET address = ?2 WHERE address = ?1 AND NOT EXISTS (
           SELECT 1 FROM parked other WHERE other.address = ?2 AND other.handler = parked.handler
           AND other.source = parked.source AND other.id = parked.id)
         RETURNING state`,
        from,
        to
      ),
    ],
    paused: [
      sql(
        `INSERT INTO paused_links (address, handler) SELECT ?2, handler FROM paused_links WHERE address = ?1
         ON CONFLICT DO NOTHING`,
        from,
        to
      ),
      sql('DELETE FROM paused_links WHERE address = ?1 RETURNING 1 AS renamed', from),
    ],
  }
}

function movePosition(renaming: Renaming, from: string, to: string): SqlStatement[] {
  return [
    unless(sql('SELECT 1 AS found FROM positions WHERE address = ?1', to), () =>
      renamingCollides(renaming, 'a position')
    ),
    sql(
      'UPDATE positions SET address = ?2 WHERE address = ?1 AND NOT EXISTS (SELECT 1 FROM positions WHERE address = ?2)',
      from,
      to
    ),
  ]
}
