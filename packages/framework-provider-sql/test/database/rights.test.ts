import '../support/environment'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { withClient } from '../../../streamers-postgres/test/support/with-client'
import { eventually } from '../../../streamers/test/support/eventually'
import { Opened, refusal } from '../support/opened'

const ROLE = 'a_clerk'
const SCHEMA = 'of_the_clerk'

const CASES = [
  {
    what: 'to write to one of the tables',
    taken: `REVOKE INSERT ON ${SCHEMA}.pending FROM ${ROLE}`,
    given: `GRANT INSERT ON ${SCHEMA}.pending TO ${ROLE}`,
    says: /refuses this user.*grant/is,
  },
  {
    what: 'to write at all',
    taken: `ALTER ROLE ${ROLE} SET default_transaction_read_only = on`,
    given: `ALTER ROLE ${ROLE} RESET default_transaction_read_only`,
    says: /does not accept writes.*primary/is,
  },
]

describe('a user of PostgreSQL who has lost the right', () => {
  describeWithServer('postgres', (server) => {
    beforeEach(async () =>
      asOwner(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'secret'`, `CREATE SCHEMA ${SCHEMA} AUTHORIZATION ${ROLE}`)
    )
    afterEach(async () => asOwner(`DROP SCHEMA ${SCHEMA} CASCADE`, `DROP ROLE ${ROLE}`))

    for (const { what, taken, given, says } of CASES) {
      it(`${what} is told what to do; nothing is half-written, and it goes on once the right is back`, async () => {
        await asClerk(async (opened) => opened.store('before'))
        await asOwner(taken)
        await asClerk(async (opened) => {
          const { message, at } = await refusal(opened.store('refused'), 'STORAGE_UNAVAILABLE')
          expect(message).to.match(says).and.not.include('secret')
          expect(at).to.match(new RegExp(`${ROLE}@.*${SCHEMA}`))
          expect(await opened.halves('refused')).to.deep.equal([0, 0])

          await asOwner(given)
          // A connection keeps what it was made with; one that is refused so is made anew.
          await eventually(async () => opened.store('taken').then(isDone, isNotDone))
          for (const id of ['before', 'taken']) expect(await opened.halves(id)).to.deep.equal([1, 1])
        })
      })
    }

    async function asClerk(work: (opened: Opened) => Promise<unknown>): Promise<void> {
      const url = new URL(server().url)
      url.username = ROLE
      url.password = 'secret'
      const opened = await Opened.with({ url: url.href, schema: SCHEMA })
      try {
        await work(opened)
      } finally {
        await opened.close()
      }
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
