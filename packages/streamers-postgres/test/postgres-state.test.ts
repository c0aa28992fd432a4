import './support/environment'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { mark } from '../../streamers/test/support/records'
import { testStateStore } from '../../streamers/test/state/state-suite'
import { PostgresState } from '../src'
import { freshSchema, freshState, owner } from './support/schema'
import { withClient } from './support/with-client'

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown
  )

describe('PostgreSQL state', () => {
  describeWithServer('postgres', (server) => {
    const refused = async (state: PostgresState, code: 'STORAGE_FOREIGN' | 'STORAGE_UNAVAILABLE'): Promise<string> => {
      const error = await thrownBy(state.open(owner))
      expect(isStreamerError(error, code), String(error)).to.equal(true)
      expect(String(error)).not.to.contain(new URL(server().url).password)
      return String(error)
    }

    testStateStore('PostgreSQL', async () => {
      const provider = freshState(server().url)
      return { open: () => provider.open(owner) }
    })

    it('keeps texts with zero characters apart, and every other character as it is', async () => {
      const state = await freshState(server().url).open(owner)
      const ids = ['a', 'a\0', 'a\0b', 'a\ue000', 'a\ue0000', "'; DROP TABLE pending; --", '$1 ?1', '😀ü']
      await state.commit(ids.map((id) => ({ do: 'mark-pending', mark: mark({ id }) })))
      expect((await state.pendingMarks('main/posts', { limit: 20 })).map(({ id }) => id)).to.deep.equal(ids)
      await state.close()
    })

    it('is opened by many replicas at once, and made once', async () => {
      const provider = freshState(server().url)
      const states = await Promise.all(Array.from({ length: 6 }, () => provider.open(owner)))
      await states[0].commit([{ do: 'mark-pending', mark: mark({}) }])
      expect(await states[5].counts()).to.include({ pending: 1 })
      await Promise.all(states.map((state) => state.close()))
    })

    it('gives each service and environment a schema of its own', async () => {
      const provider = PostgresState.at({ url: server().url })
      const unique = freshSchema()
      const owners = [
        { appName: unique, environment: 'test' },
        { appName: unique, environment: 'Test' },
        { appName: `${unique}-a`, environment: 'test' },
        { appName: `${unique}.a`, environment: 'test' },
        { appName: unique.repeat(5), environment: 'one' },
        { appName: unique.repeat(5), environment: 'two' },
      ]
      for (const each of owners) {
        const state = await provider.open(each)
        expect(await state.counts()).to.include({ pending: 0 })
        await state.commit([{ do: 'mark-pending', mark: mark({}) }])
        await state.close()
      }
    })

    it('refuses the schema of another program, service or version, and leaves it as it is', async () => {
      const schema = freshSchema()
      await withClient(server().url, async (client) => {
        await client.query(`CREATE SCHEMA ${schema}`)
        await client.query(`CREATE TABLE ${schema}.notes (text TEXT)`)
        expect(await refused(freshState(server().url, { schema }), 'STORAGE_FOREIGN')).to.contain(schema)
        await client.query(`DROP TABLE ${schema}.notes`)

        const state = await freshState(server().url, { schema }).open({ ...owner, appName: 'other' })
        await state.close()
        expect(await refused(freshState(server().url, { schema }), 'STORAGE_FOREIGN')).to.contain("service 'other'")

        await client.query(`UPDATE ${schema}.streaming_state SET app = 'shop', version = 99`)
        expect(await refused(freshState(server().url, { schema }), 'STORAGE_FOREIGN')).to.contain('version 99')
      })
    })

    it('says who was refused where, never with which password', async () => {
      const wrong = new URL(server().url)
      wrong.password = 'hunter2'
      const message = await refused(freshState(wrong.href), 'STORAGE_UNAVAILABLE')
      expect(message).to.contain(`${wrong.username}@${wrong.host}/postgres`)
      expect(message).not.to.contain('hunter2')
    })

    it('says what right is missing, and needs none on the database where the schema is given', async () => {
      const schema = freshSchema()
      const role = `role_${schema}`
      const url = new URL(server().url)
      url.username = role
      url.password = 'secret'
      await withClient(server().url, async (client) => {
        await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`)
        expect(await refused(freshState(url.href, { schema }), 'STORAGE_UNAVAILABLE')).to.contain('GRANT'.toLowerCase())
        await client.query(`CREATE SCHEMA ${schema} AUTHORIZATION ${role}`)
      })
      const state = await freshState(url.href, { schema }).open(owner)
      await state.close()
    })

    it('says that the server or the database is not there', async () => {
      const nowhere = new URL(server().url)
      nowhere.port = '1'
      expect(await refused(freshState(nowhere.href), 'STORAGE_UNAVAILABLE')).to.contain('127.0.0.1:1')
      const missing = new URL(server().url)
      missing.pathname = '/no_such'
      expect(await refused(freshState(missing.href), 'STORAGE_UNAVAILABLE')).to.contain('no_such')
    })

    it('refuses what comes after close, and finishes what came before', async () => {
      const provider = freshState(server().url)
      const state = await provider.open(owner)
      const before = state.commit([{ do: 'mark-pending', mark: mark({}) }])
      await state.close()
      await before
      expect(isStreamerError(await thrownBy(state.counts()), 'CLOSED')).to.equal(true)
      const again = await provider.open(owner)
      expect(await again.counts()).to.include({ pending: 1 })
      await again.close()
    })
  })

  it('refuses options that cannot be meant, before anything connects', () => {
    const url = 'postgres://shop:hunter2@127.0.0.1/shop'
    const wrong = [{ url: 'hunter2' }, { url: 'http://shop:hunter2@x' }, { schema: 'a-b' }, { schema: 'pg_x' }]
    for (const options of [...wrong, { poolSize: 0 }, { timeoutMs: 0.5 }]) {
      const make = (): unknown => PostgresState.at({ url, ...options })
      expect(make).to.throw(/OPTION_INVALID/)
      expect(make).not.to.throw(/hunter2/)
    }
  })
})
