import '../support/environment'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { withClient } from '../../../streamers-postgres/test/support/with-client'
import { eventually } from '../../../streamers/test/support/eventually'
import { Opened, refusal } from '../support/opened'

const ROLE = 'a_rotated_clerk'
const SCHEMA = 'of_the_rotated_clerk'

describe('a password of PostgreSQL that is rotated', () => {
  describeWithServer('postgres', (server) => {
    beforeEach(() =>
      asOwner(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'first'`, `CREATE SCHEMA ${SCHEMA} AUTHORIZATION ${ROLE}`)
    )
    afterEach(() => asOwner(`DROP SCHEMA ${SCHEMA} CASCADE`, `DROP ROLE ${ROLE}`))

    it('is asked for at each connection, of the store and of its listener, and counts without a restart', async () => {
      let password = 'first'
      const url = new URL(server().url)
      url.username = 'nobody'
      url.password = 'nothing'
      const credentials = async (): Promise<{ username: string; password: string }> => ({ username: ROLE, password })
      const opened = await Opened.with({ url: url.href, schema: SCHEMA, credentials })
      try {
        await opened.store('before')
        await asOwner(`ALTER ROLE ${ROLE} PASSWORD 'second'`, END_CONNECTIONS)
        await eventually(async () => opened.store('old').then(isNotDone, isPasswordWrong))
        const { message } = await refusal(opened.store('refused'), 'STORAGE_UNAVAILABLE')
        expect(message)
          .to.match(/refuses this user or password/)
          .and.not.match(/first|second/)

        password = 'second'
        await eventually(async () => opened.store('taken').then(isDone, isNotDone))
        expect(await opened.halves('taken')).to.deep.equal([1, 1])
        await eventually(async () => (await programs()).includes('booster-streamers'))
      } finally {
        await opened.close()
      }
    })

    const END_CONNECTIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${ROLE}'`

    /** Which programs the role is connected with. */
    async function programs(): Promise<string[]> {
      const asked = `SELECT application_name AS name FROM pg_stat_activity WHERE usename = $1`
      const { rows } = await withClient(server().url, (client) => client.query<{ name: string }>(asked, [ROLE]))
      return rows.map(({ name }) => name)
    }

    async function asOwner(...statements: string[]): Promise<void> {
      await withClient(server().url, async (client) => {
        for (const statement of statements) await client.query(statement)
      })
    }
  })
})

const isDone = (): boolean => true
const isNotDone = (): boolean => false
const isPasswordWrong = (error: unknown): boolean => String(error).includes('password')
