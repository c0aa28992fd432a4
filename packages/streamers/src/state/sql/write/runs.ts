import type { StateChange } from '../../changes'
import { sql } from '../database'
import type { SqlStatement, SqlValue } from '../database'
import { NO_RUN, claimLost, columnsOf } from './finish'

type ChangeNamed<K extends StateChange['do']> = Extract<StateChange, { do: K }>

const OF_CLAIM = 'handler = ?1 AND source = ?2 AND id = ?3 AND owner = ?4'

/** Takes back a start that was counted. */
const EXCUSED = 'starts = CASE WHEN starts > 0 THEN starts - 1 ELSE starts END'

const EXCUSES = {
  'over-time': () => 'starts = NULL, slow = 0',
  'in-company': () => `${EXCUSED}, slow = slow + 1`,
  left: (counted: boolean) => `owner = '', began_at = NULL${counted ? `, ${EXCUSED}` : ''}`,
} as const

/** A run begins. */
export function beginRunStatements({ key, owner, address, at, counts }: ChangeNamed<'begin-run'>): SqlStatement[] {
  const set = counts ? ', starts = COALESCE(starts, 0) + 1' : ''
  return [
    {
      ...sql(
        `UPDATE inbox SET address = ?5, began_at = ?6${set} WHERE ${OF_CLAIM} AND state <> 'finished' RETURNING 1 AS held`,
        ...claim(key, owner),
        address,
        at
      ),
      check: (held) => {
        if (held.length === 0) throw claimLost(key)
      },
    },
  ]
}

/** A run is not held against its event. */
export function excuseRunStatements({ key, owner, because, counted }: ChangeNamed<'excuse-run'>): SqlStatement[] {
  return [
    sql(
      `UPDATE inbox SET ${EXCUSES[because](counted)} WHERE ${OF_CLAIM} AND state <> 'finished'`,
      ...claim(key, owner)
    ),
  ]
}

/** A claim is given back: the row goes, or, where it says something of runs that did not end, belongs to nobody. */
export function releaseStatements({ key, owner, ended = false }: ChangeNamed<'release'>): SqlStatement[] {
  if (ended)
    return [
      sql(`DELETE FROM inbox WHERE ${OF_CLAIM} AND state = 'claimed'`, ...claim(key, owner)),
      sql(`UPDATE inbox SET ${NO_RUN} WHERE ${OF_CLAIM} AND state = 'outcome'`, ...claim(key, owner)),
    ]
  return [
    sql(`DELETE FROM inbox WHERE ${OF_CLAIM} AND state = 'claimed' AND starts IS NULL`, ...claim(key, owner)),
    sql(
      `UPDATE inbox SET owner = '', claimed_until = 0, began_at = NULL WHERE ${OF_CLAIM} AND state = 'claimed'`,
      ...claim(key, owner)
    ),
  ]
}

function claim(key: ChangeNamed<'release'>['key'], owner: string): SqlValue[] {
  return [...columnsOf(key), owner]
}
