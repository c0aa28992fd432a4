import '../support/environment'
import { TcpProxy, describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { withClient } from '../../../streamers-postgres/test/support/with-client'
import { eventually } from '../../../streamers/test/support/eventually'
import type { SqlStatement } from '../../src/database/database'
import { sql } from '../../src/sql'
import { Opened, refusal } from '../support/opened'

describe('a connection that is lost in the midst of a transaction', function () {
  this.timeout(120_000)

  describeWithServer('postgres', (server) => {
    let proxy: TcpProxy
    let through: Opened
    let direct: Opened
    let schema = ''
    let schemas = 0
    beforeEach(async () => {
      const url = new URL(server().url)
      proxy = await TcpProxy.to({ host: url.hostname, port: Number(url.port) })
      schema = `lost_connection_${process.pid}_${schemas++}`
      direct = await Opened.with({ url: url.href, schema })
      url.port = String(proxy.port)
      through = await Opened.with({ url: url.href, schema })
    })
    afterEach(async () => {
      await through.close()
      await direct.close()
      await proxy.close()
    })

    const refuses = async (work: Promise<unknown>): Promise<void> => {
      const { at, hint, retryable } = await refusal(work, 'STORAGE_UNAVAILABLE')
      expect(at).to.include(`127.0.0.1:${proxy.port}`)
      expect(at).not.to.include(new URL(server().url).password)
      expect([hint, retryable]).to.deep.equal(['Check that it runs, and that this machine can reach it.', true])
    }

    it('has nothing of it written, tells the caller, and is made anew', async () => {
      await through.store('before')
      await withLock(async () => {
        const half = through.database.transaction([
          { ...connectionOf('half'), check: () => undefined },
          sql('UPDATE entities SET attempts = 7'),
        ])
        const told = refuses(half)
        await eventually(async () => (await busy()) === 1)
        proxy.refuse()
        await told
      })
      await eventually(async () => (await busy()) === 0)
      expect(await connections()).to.deep.equal([])
      proxy.heal()
      await through.database.transaction([connectionOf('whole')])
      expect(await connections()).to.deep.equal(['whole'])
      expect(await direct.halves('before')).to.deep.equal([1, 1])
    })

    it('has all of it written or nothing where the answer to its end is lost, and tells the caller', async () => {
      await through.store('before')
      for (const id of ['a', 'b', 'c', 'd']) {
        const isLost = proxy.loseNextAnswer((bytes) => bytes.includes('COMMIT'))
        await refuses(through.store(id))
        await isLost
        await eventually(async () => (await busy()) === 0)
        expect(await direct.halves(id)).to.satisfy(([events, marks]: [number, number]) => events === marks)
      }
      await through.store('after')
      expect(await direct.halves('after')).to.deep.equal([1, 1])
    })

    it('has one that did not come to its end begun again, and written once', async () => {
      const isLost = proxy.loseNextAnswer((bytes) => bytes.includes('subscriptions'))
      await through.database.transaction([
        { ...connectionOf('c'), check: () => undefined },
        sql('DELETE FROM subscriptions'),
      ])
      await isLost
      expect(await connections()).to.deep.equal(['c'])
    })

    it('loses nothing that was answered while it is lost again and again', async () => {
      const answered: string[] = []
      let over = false
      const storing = (async () => {
        for (let n = 0; !over; n += 1) {
          await through.store(String(n)).then(
            () => answered.push(String(n)),
            () => undefined
          )
        }
      })()
      for (const count of [20, 40, 60, 80]) {
        await eventually(async () => Promise.resolve(answered.length >= count))
        proxy.cut()
      }
      over = true
      await storing
      for (const id of answered) expect(await direct.halves(id)).to.deep.equal([1, 1])
    })

    /** Runs work while somebody else has all rows of `entities`. */
    async function withLock(work: () => Promise<void>): Promise<void> {
      await withClient(server().url, async (client) => {
        await client.query(`BEGIN; LOCK TABLE ${schema}.entities IN EXCLUSIVE MODE`)
        await work()
        await client.query('ROLLBACK')
      })
    }

    async function connections(): Promise<unknown[]> {
      return (await direct.database.query(sql('SELECT id FROM connections'))).map(({ id }) => id)
    }

    /** Transactions that the server has not ended. */
    async function busy(): Promise<number> {
      const [{ count }] = await direct.database.query(
        sql(`SELECT count(*) AS count FROM pg_stat_activity
             WHERE state <> 'idle' AND pid <> pg_backend_pid() AND application_name = 'booster-streamers'`)
      )
      return Number(count)
    }
  })
})

function connectionOf(id: string): SqlStatement {
  return sql(`INSERT INTO connections (id, expires_at, data) VALUES (?1, 1, '')`, id)
}
