import '../support/environment'
import { TcpProxy, describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { withClient } from '../../../streamers-postgres/test/support/with-client'
import { eventually } from '../../../streamers/test/support/eventually'
import { PostgresListener } from '../../src/database/postgres-listener'

const SCHEMA = 'listened_to'
const CHECK_MS = 300

describe('the connection that tells of what other processes write', () => {
  describeWithServer('postgres', (server) => {
    let proxy: TcpProxy
    let listener: PostgresListener
    let told = 0
    let deaf: unknown[] = []
    beforeEach(async () => {
      proxy = await TcpProxy.to(target())
      const url = new URL(server().url)
      url.port = String(proxy.port)
      told = 0
      deaf = []
      const listening = { told: () => (told += 1), deaf: (error: unknown) => deaf.push(error) }
      listener = new PostgresListener({ url: url.href, schema: SCHEMA, ssl: undefined }, listening, CHECK_MS)
      await listener.start()
    })
    afterEach(async () => {
      await listener.close()
      await proxy.close()
    })

    it('is made anew where it is reset', async () => {
      proxy.cut()
      await tells()
    })

    it('is made anew where it stays, and nothing comes any more', async () => {
      proxy.swallow('down')
      await eventually(async () => (await listening()) === 0)
      proxy.heal()
      await tells()
    })

    it('says that it cannot be made anew, and goes on trying', async () => {
      const { port } = proxy
      await proxy.close()
      await eventually(() => deaf.length > 0)
      proxy = await TcpProxy.to(target(), port)
      await tells()
    })

    it('leaves no connection where it is closed while it is made anew', async () => {
      let letIn = (): void => undefined
      const asked = new Promise<void>((resolve) => (letIn = resolve))
      const { username, password } = new URL(server().url)
      const credentials = async (): Promise<{ username: string; password: string }> => {
        await asked
        return { username: decodeURIComponent(username), password: decodeURIComponent(password) }
      }
      const ignored = { told: () => undefined, deaf: () => undefined }
      const slow = new PostgresListener({ url: server().url, schema: SCHEMA, ssl: undefined, credentials }, ignored)
      const starting = slow.start()
      await slow.close()
      letIn()
      await starting
      // That of the other one.
      await eventually(async () => (await listening()) === 1)
    })

    /** What is written from now on is told, at the latest when there is a connection again. */
    async function tells(): Promise<void> {
      const before = told
      await ask(`NOTIFY ${SCHEMA}`)
      await eventually(() => told > before)
      await eventually(async () => (await listening()) === 1)
      const again = told
      await ask(`NOTIFY ${SCHEMA}`)
      await eventually(() => told > again)
      expect(await listening()).to.equal(1)
    }

    function target(): { host: string; port: number } {
      const { hostname, port } = new URL(server().url)
      return { host: hostname, port: Number(port) }
    }

    async function listening(): Promise<number> {
      return (await ask(`SELECT pid FROM pg_stat_activity WHERE application_name = 'booster-listener'`)).length
    }

    async function ask(statement: string): Promise<unknown[]> {
      return withClient(server().url, async (client) => (await client.query(statement)).rows as unknown[])
    }
  })
})
