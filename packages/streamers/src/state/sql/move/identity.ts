import { randomUUID } from 'node:crypto'
import { identityOf } from '../../move/state-identity'
import type { IdentityNote, IdentityRow, StateIdentity } from '../../move/state-identity'
import { sql } from '../database'
import type { SqlDatabase, SqlStatement } from '../database'

const ADD = 'INSERT INTO state_identity (role, id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING'

/** Whether the database is a copy of the one in which the state was before. */
const IS_COPY = "EXISTS (SELECT 1 FROM state_identity WHERE role = 'database' AND id <> ?1)"

/** Who the state is; made up where it is asked for the first time, and where its database is found to be a copy. */
export async function readIdentity(database: SqlDatabase): Promise<StateIdentity> {
  const ownId = await database.ownId?.()
  const rows = await read(database)
  const has = (role: IdentityRow['role'], id?: string): boolean =>
    rows.some((row) => row.role === role && (id === undefined || row.id === id))
  if (has('self') && (ownId === undefined || has('database', ownId))) return identityOf(rows)
  const now = Date.now()
  const copied = (own: string): SqlStatement[] => [
    sql(
      `INSERT INTO state_identity (role, id, at) SELECT 'taken-from', id, at FROM state_identity
       WHERE role = 'self' AND ${IS_COPY} ON CONFLICT DO NOTHING`,
      own
    ),
    sql(`UPDATE state_identity SET id = ?2 WHERE role = 'self' AND ${IS_COPY}`, own, randomUUID()),
    sql("DELETE FROM state_identity WHERE role = 'database' AND id <> ?1", own),
    sql(ADD, 'database', own, now),
  ]
  await database.transaction([sql(ADD, 'self', randomUUID(), now), ...(ownId === undefined ? [] : copied(ownId))])
  return identityOf(await read(database))
}

/** Remembers and forgets what is noted. */
export async function noteIdentity(database: SqlDatabase, notes: readonly IdentityNote[]): Promise<void> {
  await database.transaction(
    notes.map(({ role, id, forget }) =>
      forget ? sql('DELETE FROM state_identity WHERE role = ?1 AND id = ?2', role, id) : sql(ADD, role, id, Date.now())
    )
  )
}

async function read(database: SqlDatabase): Promise<IdentityRow[]> {
  const rows = await database.query(sql('SELECT role, id FROM state_identity ORDER BY at, id'))
  return rows as unknown as IdentityRow[]
}
