import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { eventually } from '../support/eventually'
import { RemindingApp } from '../support/reminding-app'
import type { RemindingOptions, RemindingService } from '../support/reminding-app'

const LOCAL = '@boostercloud/framework-provider-local'
const SQL = '@boostercloud/framework-provider-sql'
const ON_POSTGRES = 'provider-sql on PostgreSQL'
const LIMIT_MS = 60_000

/** Where a process dies while it fires: with one transaction there are fewer places. firing-suite.ts has all of them, on every state. */
const DEATHS: Readonly<Record<string, readonly string[]>> = {
  [LOCAL]: ['timers.after-mark', 'timers.after-store'],
  [SQL]: ['timers.after-claim'],
}

describe('delayed events', function () {
  this.timeout(180_000)
  let app: RemindingApp
  before(async () => (app = await RemindingApp.build()))
  afterEach(() => app.reset())
  after(() => app?.remove())

  const untilCounts = async (service: RemindingService, ids: readonly string[], expected: number[]): Promise<void> =>
    eventually(
      async () => JSON.stringify(await service.counts(ids)) === JSON.stringify(expected),
      async () => service.counts(ids),
      LIMIT_MS
    )

  const testProvider = (name: string, provider: string, shared: () => Partial<RemindingOptions>): void => {
    const start = (own: Partial<RemindingOptions> = {}): Promise<RemindingService> =>
      app.start({ provider, ...shared(), ...own })

    it(`happen once, at their time, whoever registers them; moved and cancelled by their name (${name})`, async () => {
      const service = await start()
      // Not a whole number of milliseconds, which PostgreSQL would refuse.
      const inMs = 1_000 / 3
      for (const by of ['command', 'time', 'own handler', 'streamed handler'])
        await service.remind(`by ${by}`, inMs, by)
      await service.remind('moved', 600_000, 'command', 'to be moved')
      await service.remind('moved', 500, 'command', 'to be moved')
      await service.remind('cancelled', 4_000, 'command', 'to be cancelled')
      await service.remind('', 0, 'cancel', 'to be cancelled')
      expect(await service.remind('failed', 300, 'fails', 'of a command that fails')).to.contain('errors')
      await service.remind('past', -60_000, 'time')
      await service.remind('last', 4_000)
      const ids = ['last', 'by command', 'by time', 'by own handler', 'by streamed handler', 'moved', 'past']
      await untilCounts(
        service,
        ids,
        ids.map(() => 1)
      )
      expect((await service.reminded('moved')).lateMs).to.be.greaterThan(-100)
      expect(await service.counts(['cancelled', 'failed'])).to.deep.equal([0, 0])
    })

    // Where replicas share the state, what a dead one has claimed is waited for.
    if (name === ON_POSTGRES) return
    it(`wait while no process runs, and happen once wherever one dies (${name})`, async () => {
      const deaths = DEATHS[provider]
      for (const killAt of deaths) {
        const dying = await start({ killAt })
        // On a busy machine it dies before it has answered.
        await dying.remind(killAt, 500).catch(() => undefined)
        await dying.ended()
        const next = await start()
        await untilCounts(next, [killAt], [1])
        await next.kill()
      }
      const waiting = await start()
      await waiting.remind('last', 1_500)
      await waiting.kill()
      const service = await start()
      await untilCounts(service, ['last'], [1])
      expect(await service.counts(deaths)).to.deep.equal(deaths.map(() => 1))
    })
  }

  testProvider('the local provider', LOCAL, () => ({}))
  testProvider('provider-sql on SQLite', SQL, () => ({}))

  describeWithServer('postgres', (server) => {
    const schema = `later_${process.pid}`
    testProvider(ON_POSTGRES, SQL, () => ({ url: server().url, schema }))

    it('happen once with two replicas, and where the one that was told of them dies', async () => {
      const options = { provider: SQL, url: server().url, schema: `${schema}_two` }
      const [one, other] = [await app.start(options), await app.start(options)]
      const ids = Array.from({ length: 20 }, (_, n) => `r${n}`)
      for (const [n, id] of ids.entries()) await [one, other][n % 2].remind(id, 1_500 + n * 20)
      await untilCounts(
        one,
        ids,
        ids.map(() => 1)
      )
      await one.remind('of the dead', 1_000)
      await one.kill()
      await untilCounts(other, ['of the dead'], [1])
      expect(await other.counts(ids)).to.deep.equal(ids.map(() => 1))
    })
  })
})
