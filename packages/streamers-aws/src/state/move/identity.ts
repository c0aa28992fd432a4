import { randomUUID } from 'node:crypto'
import type { IdentityNote, StateIdentity } from '@boostercloud/streamers/state'
import { identityOf } from '@boostercloud/streamers/state'
import type { DynamoTable } from '../table/dynamo-table'
import type { RowKey } from '../table/keys'
import type { Row } from '../table/rows'

const PARTITION = 'identity'
const SELF = 'self'

interface NoteRow extends Row {
  readonly role: IdentityNote['role'] | 'self'
  readonly id: string
}

/** Who the state is; made up where it is asked for the first time, by one of those who ask. */
export async function readIdentity(table: DynamoTable): Promise<StateIdentity> {
  const known = await read(table)
  if (known.id !== '') return known
  await table.update(keyOf(SELF), {
    UpdateExpression: 'SET #role = if_not_exists(#role, :self), #id = if_not_exists(#id, :id)',
    ExpressionAttributeNames: { '#role': 'role', '#id': 'id' },
    ExpressionAttributeValues: { ':self': SELF, ':id': randomUUID() },
  })
  return read(table)
}

/** Remembers and forgets what is noted. */
export async function noteIdentity(table: DynamoTable, notes: readonly IdentityNote[]): Promise<void> {
  for (const { role, id, forget } of notes) {
    const key = keyOf(`${role}#${id}`)
    if (forget) await table.transact([{ ...key, isPart: true }])
    else
      await table.update(key, {
        UpdateExpression: 'SET #role = :role, #id = :id',
        ExpressionAttributeNames: { '#role': 'role', '#id': 'id' },
        ExpressionAttributeValues: { ':role': role, ':id': id },
      })
  }
}

async function read(table: DynamoTable): Promise<StateIdentity> {
  return identityOf(
    await table.query<NoteRow>({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': PARTITION },
    })
  )
}

function keyOf(sk: string): RowKey {
  return { pk: PARTITION, sk }
}
