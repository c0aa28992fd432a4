import { StreamerError } from '@boostercloud/streamer-connector'
import type { InboxKey, StateChange } from '../../changes'
import { sql } from '../database'
import type { SqlRow, SqlStatement, SqlValue } from '../database'
import { distinct, flatten, parameters, pieces, textBySize } from './many'

/** That an event is finished for a handler. */
export type Finish = Extract<StateChange, { do: 'finish' }>

/** What a row says of runs when one has ended. */
export const NO_RUN = 'starts = NULL, slow = 0, address = NULL, began_at = NULL'

const FINISHED = textBySize(
  (rows) =>
    `INSERT INTO inbox (handler, source, id, at, state, owner, claimed_until)
     VALUES ${parameters(rows, 4, { behind: 0, further: `, 'finished', '', 0` })}
     ON CONFLICT (handler, source, id) DO UPDATE SET state = 'finished', outcome = NULL, at = excluded.at, ${NO_RUN}`
)

/**
 * Rows are found by their key, also by a server that has planned the statement when there were few of them. Where no claim is left there is a
 * new row, which has another number and is not held.
 */
const FINISHED_BY = textBySize(
  (rows) =>
    `INSERT INTO inbox (handler, source, id, at, state, owner, claimed_until)
     VALUES ${parameters(rows, 4, { behind: 1, further: `, 'finished', '', -1` })}
     ON CONFLICT (handler, source, id) DO UPDATE
       SET state = 'finished', outcome = NULL, at = excluded.at, owner = '', claimed_until = 0, ${NO_RUN}
       WHERE inbox.owner = ?1 AND inbox.state IN ('claimed', 'outcome')
     RETURNING CASE WHEN claimed_until = 0 THEN 1 ELSE 0 END AS held`
)

/** Several: all by the same owner, or all without an owner. */
export function finishStatements(finishes: readonly Finish[]): SqlStatement[] {
  const [{ owner }] = finishes
  const all = distinct(finishes, ({ key }) => nameOfKey(key))
  return pieces(all).map((some) => (owner === undefined ? finished(some) : finishedBy(owner, some)))
}

/** A key's columns. */
export function columnsOf({ handler, source, id }: InboxKey): string[] {
  return [handler, source, id]
}

/** A key, or a row that has its columns, as a text. */
export function nameOfKey({ handler, source, id }: InboxKey | SqlRow): string {
  return JSON.stringify([handler, source, id])
}

/** What is thrown where a claim, one of those on the events, is not the owner's any more. */
export function claimLost({ handler, id }: InboxKey, others = 0): StreamerError {
  const events = others > 0 ? `event ${id}, or on one of ${others} with it,` : `event ${id}`
  return new StreamerError('CLAIM_LOST', `The claim of ${handler} on ${events} has passed to another process.`, {
    hint: 'No action is needed. The other process finishes the event.',
    retryable: true,
  })
}

function finished(finishes: readonly Finish[]): SqlStatement {
  return sql(FINISHED(finishes.length), ...valuesOf(finishes))
}

/** Undoes the transaction where one of the claims is not the owner's any more. */
function finishedBy(owner: string, finishes: readonly Finish[]): SqlStatement {
  return {
    ...sql(FINISHED_BY(finishes.length), owner, ...valuesOf(finishes)),
    check: (rows) => {
      const held = rows.filter((row) => row.held === 1)
      if (held.length < finishes.length) throw claimLost(finishes[0].key, finishes.length - 1)
    },
  }
}

function valuesOf(finishes: readonly Finish[]): SqlValue[] {
  return flatten(finishes, ({ key, at }) => [...columnsOf(key), at])
}
