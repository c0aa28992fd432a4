import { randomUUID } from 'node:crypto'
import { identityOf } from '../../move/state-identity'
import type { IdentityNote, IdentityRow, StateIdentity } from '../../move/state-identity'
import { sql } from '../database'
import type { SqlDatabase } from '../database'

const ADD = 'INSERT INTO state_identity (role, id, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING'

/** Who the state is; made up where it is asked for the first time. */
export async function readIdentity(database: SqlDatabase): Promise<StateIdentity> {
  const known = await read(database)
  if (known.id !== '') return known
  await database.transaction([sql(ADD, 'self', randomUUID(), Date.now())])
  return read(database)
}

/** Remembers and forgets what is noted. */
export async function noteIdentity(database: SqlDatabase, notes: readonly IdentityNote[]): Promise<void> {
  await database.transaction(
    notes.map(({ role, id, forget }) =>
      forget ? sql('DELETE FROM state_identity WHERE role = ?1 AND id = ?2', role, id) : sql(ADD, role, id, Date.now())
    )
  )
}

async function read(database: SqlDatabase): Promise<StateIdentity> {
  const rows = await database.query(sql('SELECT role, id FROM state_identity ORDER BY at, id'))
  return identityOf(rows as unknown as IdentityRow[])
}
