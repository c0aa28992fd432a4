import './support/environment'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { StateStore } from '@boostercloud/streamers/state'
import { expect } from 'chai'
import type { Client } from 'pg'
import { eventually } from '../../streamers/test/support/eventually'
import { parked } from '../../streamers/test/support/records'
import type { PostgresStateOptions } from '../src'
import { takeAll } from './support/take-all'
import { withClient } from './support/with-client'
import { freshSchema, freshState, owner } from './support/schema'

const TIMER = { handler: 'Later', name: 'one', id: '1', dueAt: 2, setAt: 1, key: 'k' }

describe('a PostgreSQL that refuses', function () {
  this.timeout(120_000)

  describeWithServer(
    'postgres',
    (server) => {
      const CASES: readonly {
        readonly what: string
        readonly change?: (url: URL) => void
        readonly own?: Partial<PostgresStateOptions>
        readonly says: RegExp
      }[] = [
        {
          what: 'a wrong password',
          change: (url) => (url.password = 'hunter2'),
          says: /refuses this user or password.*Correct the user and the password/,
        },
        {
          what: 'an unknown user',
          change: (url) => (url.username = 'nobody'),
          says: /refuses this user or password.*Correct the user and the password/,
        },
        {
          what: 'a missing database',
          change: (url) => (url.pathname = '/nowhere'),
          says: /has no such database.*Create it, or use another one/,
        },
        {
          what: 'a host that is unknown',
          change: (url) => (url.hostname = 'nowhere.invalid'),
          says: /whose host is unknown.*Correct the host/,
        },
        {
          what: 'a port where nobody listens',
          change: (url) => (url.port = '1'),
          says: /is not listening.*host and port/,
        },
        { what: 'encryption', own: { ssl: true }, says: /does not accept encrypted connections.*ssl/ },
      ]
      for (const { what, change, own, says } of CASES) {
        it(`says what to do about it at the start: ${what}`, async () => {
          const url = new URL(server().url)
          change?.(url)
          const error = await refused(freshState(url.href, own).open(owner))
          expect(error.message).to.match(new RegExp(says.source, 's'))
          expect(error.message).not.to.include(url.password)
        })
      }

      it('says what right on the schema is missing', async () => {
        const schema = freshSchema()
        const url = new URL(server().url)
        url.username = `of_${schema}`
        url.password = 'secret'
        await withClient(server().url, async (client) => {
          await client.query(`CREATE SCHEMA ${schema}`)
          await client.query(`CREATE ROLE of_${schema} LOGIN PASSWORD 'secret'`)
        })
        const error = await refused(freshState(url.href, { schema }).open(owner))
        expect(error.message).to.match(/refuses this user a right.*grant USAGE and CREATE/s)
      })

      it('says that it is out of connections, at the start and while running, and goes on when there are some', async () => {
        const state = await freshState(server().url, { poolSize: 1 }).open(owner)
        const taken: Client[] = []
        try {
          await takeAll(server().url, taken)
          const atStart = await refused(freshState(server().url).open(owner))
          expect(atStart.message).to.match(/does not accept more connections.*Raise max_connections.*lower poolSize/s)
          expect(atStart.retryable).to.equal(true)
          // The one connection that the state has is ended by the server, and its place is taken: not always before the state has it again.
          let running = ''
          await eventually(
            async () => {
              await taken[0].query(
                `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'booster-streamers'`
              )
              await takeAll(server().url, taken)
              running = (await refused(state.commit([{ do: 'notify' }])).catch((error: Error) => error)).message
              return /does not accept more connections.*Raise max_connections/s.test(running)
            },
            () => running
          )
          expect(await healthOf(state)).to.deep.equal({ healthy: false, code: 'STORAGE_UNAVAILABLE' })
        } finally {
          await Promise.all(taken.map((client) => client.end()))
        }
        await eventually(
          async () => (await healthOf(state)).healthy,
          async () => healthOf(state),
          20_000
        )
        await state.commit([{ do: 'notify' }])
        await state.close()
      })

      it('has health down while it takes no writes, and up when it does', async () => {
        const state = await freshState(server().url).open(owner)
        expect(await healthOf(state)).to.deep.equal({ healthy: true })
        await withClient(server().url, (client) =>
          client.query(`ALTER ROLE CURRENT_USER SET default_transaction_read_only = on`)
        )
        try {
          await eventually(async () => {
            await withClient(server().url, endConnections)
            return !(await healthOf(state)).healthy
          })
        } finally {
          await withClient(server().url, async (client) => {
            await client.query('SET default_transaction_read_only = off')
            await client.query('ALTER ROLE CURRENT_USER RESET default_transaction_read_only')
          })
        }
        await eventually(
          async () => (await healthOf(state)).healthy,
          async () => healthOf(state),
          20_000
        )
        await state.close()
      })

      it('says where what was forgotten remains, and has it in no table any longer', async () => {
        const schema = freshSchema()
        const state = await freshState(server().url, { schema }).open(owner)
        await state.commit([
          { do: 'park', event: parked({ event: Buffer.from('secret') }) },
          { do: 'set-timer', timer: { ...TIMER, content: Buffer.from('secret') } },
        ])
        const files = async (): Promise<{ node: unknown; size: unknown }[]> =>
          withClient(server().url, async (client) => {
            const { rows } = await client.query<{ node: unknown; size: unknown }>(
              `SELECT pg_relation_filenode(name::regclass) AS node, pg_relation_size(name::regclass) AS size
               FROM unnest(ARRAY['${schema}.parked', '${schema}.timers']) AS name`
            )
            return rows
          })
        const before = await files()
        expect(await state.forgetKey('k')).to.equal(2)
        const remains = (await state.shred?.()) ?? []
        expect(remains.map(({ again }) => again)).to.deep.equal([false])
        expect(remains[0].what).to.match(/write-ahead log.*backups/)
        const after = await files()
        after.forEach(({ node }, n) => expect(node).not.to.equal(before[n].node))
        expect(after.map(({ size }) => Number(size))).to.deep.equal([0, 0])
        await state.close()
      })

      it('says that it removes nothing from the disk as a user who does not own the tables', async () => {
        const schema = freshSchema()
        const made = await freshState(server().url, { schema }).open(owner)
        await made.commit([{ do: 'park', event: parked({ event: Buffer.from('secret') }) }])
        await made.close()
        const url = new URL(server().url)
        url.username = `of_${schema}`
        url.password = 'secret'
        await withClient(server().url, async (client) => {
          await client.query(`CREATE ROLE of_${schema} LOGIN PASSWORD 'secret'`)
          await client.query(`GRANT USAGE ON SCHEMA ${schema} TO of_${schema}`)
          await client.query(`GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO of_${schema}`)
          await client.query(`GRANT ALL ON ALL SEQUENCES IN SCHEMA ${schema} TO of_${schema}`)
        })
        const state = await freshState(url.href, { schema }).open(owner)
        expect(await state.forgetKey('k')).to.equal(1)
        const [remains] = (await state.shred?.()) ?? []
        expect(remains.what).to.contain('"parked" and "timers" are still on the disk')
        expect(remains.hint).to.contain('as the owner')
        expect(remains.again).to.equal(true)
        await state.close()
      })

      it('says that a transaction keeps what was forgotten, and removes it when that has ended', async () => {
        const schema = freshSchema()
        const state = await freshState(server().url, { schema }).open(owner)
        await state.commit([{ do: 'park', event: parked({ event: Buffer.from('secret') }) }])
        await withClient(server().url, async (client) => {
          await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
          await client.query('SELECT 1 FROM pg_class LIMIT 1')
          await state.forgetKey('k')
          expect(await agains(state)).to.deep.equal([true, false])
          await client.query(`SELECT 1 FROM ${schema}.parked`)
          expect(await agains(state)).to.deep.equal([true, false])
          await client.query('COMMIT')
        })
        expect(await agains(state)).to.deep.equal([false])
        await state.close()
      })
    },
    { settings: { max_connections: '20' } }
  )
})

async function agains(state: StateStore): Promise<boolean[]> {
  return ((await state.shred?.()) ?? []).map(({ again }) => again)
}

async function refused(work: Promise<unknown>): Promise<StreamerError> {
  const thrown: unknown = await work.then(
    () => new Error('It was not refused.'),
    (error: unknown) => error
  )
  if (!isStreamerError(thrown, 'STORAGE_UNAVAILABLE')) throw thrown
  return thrown
}

async function endConnections(client: Client): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'booster-streamers'`
  )
}

/** What health says of a state: whether it takes a write, and why it does not. */
async function healthOf(state: Pick<StateStore, 'probe'>): Promise<{ healthy: boolean; code?: string }> {
  try {
    await state.probe?.()
    return { healthy: true }
  } catch (error) {
    return { healthy: false, code: (error as { code?: string }).code }
  }
}
