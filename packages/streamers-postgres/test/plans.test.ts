import './support/environment'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { Client } from 'pg'
import { eventually } from '../../streamers/test/support/eventually'
import { mark } from '../../streamers/test/support/records'
import { freshSchema, freshState, owner } from './support/schema'

const PENDING = 20_000
const UNMARKED = 64

describe('How PostgreSQL finds what it is asked for', () => {
  describeWithServer('postgres', (server) => {
    it('takes marks away by their keys, although it has not counted a backlog that has just come about', async () => {
      const schema = freshSchema()
      const state = await freshState(server().url, { schema }).open(owner)
      const ids = Array.from({ length: PENDING }, (_, number) => `id-${number}`)
      await state.commit(ids.map((id) => ({ do: 'mark-pending', mark: mark({ id }) })))
      await state.commit([{ do: 'unmark', address: 'main/posts', ids: ids.slice(0, UNMARKED) }])
      await state.commit([
        { do: 'unmark', address: 'main/posts', ids: ids.slice(UNMARKED, 2 * UNMARKED), owner: mark({}).owner },
      ])
      await state.close()
      const client = new Client({ connectionString: server().url })
      await client.connect()
      try {
        // A connection tells what it has read when it ends, and the server hears of its end a little later.
        const deleted = async (): Promise<number> => only(client, 'n_tup_del', 'pg_stat_user_tables', schema, 'pending')
        await eventually(async () => (await deleted()) === 2 * UNMARKED, deleted)
        expect(await only(client, 'seq_tup_read', 'pg_stat_user_tables', schema, 'pending')).to.be.below(PENDING)
        const byAddress = await only(client, 'idx_tup_read', 'pg_stat_user_indexes', schema, 'pending_by_address')
        expect(byAddress, 'marks read to find those that were taken away').to.be.at.most(UNMARKED)
      } finally {
        await client.end()
      }
    })
  })
})

async function only(client: Client, what: string, view: string, schema: string, name: string): Promise<number> {
  const column = view === 'pg_stat_user_tables' ? 'relname' : 'indexrelname'
  const { rows } = await client.query<{ found: string }>(
    `SELECT ${what} AS found FROM ${view} WHERE schemaname = $1 AND ${column} = $2`,
    [schema, name]
  )
  return Number(rows[0].found)
}
