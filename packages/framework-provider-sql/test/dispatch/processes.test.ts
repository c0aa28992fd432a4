import '../support/environment'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { SocketClient } from '../conformance/socket-client'
import { CountingApp } from '../support/counting-app'
import type { CountingProcess } from '../support/counting-app'

const LIMIT_MS = 180_000
const COUNTERS = 12
const STEPS = 10
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

describe('several processes of a service', function () {
  this.timeout(LIMIT_MS)

  describeWithServer('postgres', (server) => {
    let app: CountingApp
    before(async () => {
      app = await CountingApp.build()
    })
    afterEach(async () => app.reset())
    after(async () => app?.remove())

    it('share what is to be dispatched: each handler takes effect once, in the order of its entity', async () => {
      const sqlProvider = { url: server().url, schema: 'shared_work' }
      const processes = [await app.start({ sqlProvider }), await app.start({ sqlProvider })]
      await fill(processes)
      await untilAll(processes[0])
    })

    it('take over from one that is killed while its handlers run', async () => {
      const sqlProvider = { url: server().url, schema: 'taken_over' }
      const dying = await app.start({ sqlProvider, held: numbers(STEPS) })
      await fill([dying])
      await dying.kill()
      await untilAll(await app.start({ sqlProvider }))
    })

    it('come back by themselves where the database is killed, and lose and double nothing that they have answered', async function () {
      if (server().way === 'environment' && this.test) {
        this.test.title += ' (skipped: the server is another’s, and not to be killed)'
        this.skip()
      }
      const sqlProvider = { url: server().url, schema: `came_back_${process.pid}` }
      const processes = [await app.start({ sqlProvider }), await app.start({ sqlProvider })]
      const answered: number[] = []
      let over = false
      const storing = (async () => {
        for (let step = 0; !over; step += 1) {
          const stored = processes[step % 2].store(['counter', step])
          await stored.then(
            () => answered.push(step),
            (error: Error) => expect(error.message).to.match(/STORAGE_UNAVAILABLE/)
          )
        }
      })()
      const until = async (count: number): Promise<void> =>
        eventually(
          () => answered.length >= count,
          () => answered.length,
          60_000
        )
      for (let kills = 0; kills < 2; kills += 1) {
        await until(answered.length + 20)
        await server().kill()
        await server().restart()
      }
      await until(answered.length + 20)
      over = true
      await storing

      const [asked] = processes
      await eventually(
        async () => (await asked.health()).waiting === 0,
        async () => asked.health(),
        60_000
      )
      const seen = await asked.seen('counter')
      expect(seen).to.include.members(answered)
      expect(seen).to.deep.equal([...new Set(seen)].sort((one, other) => one - other))
      expect(await asked.noted('counter')).to.deep.equal(seen)
    })

    it('wait for what another one dispatches, where the dispatch is awaited', async () => {
      const sqlProvider = { url: server().url, schema: 'awaited', dispatch: 'awaited' } as const
      const processes = [await app.start({ sqlProvider }), await app.start({ sqlProvider })]
      for (const step of numbers(20)) {
        const asked = processes[step % 2]
        await asked.store(['counter', step])
        expect(await asked.seen('counter')).to.deep.equal(numbers(step + 1))
      }
    })

    it('lose no update of a read model that entities of both are projected to', async () => {
      const sqlProvider = { url: server().url, schema: 'one_total' }
      const processes = [await app.start({ sqlProvider }), await app.start({ sqlProvider })]
      await fill(processes)
      await untilAll(processes[1])
      const total = await processes[0].ask<{ counts: object }>({ do: 'view', type: 'Total', id: 'total' })
      expect(total.counts).to.deep.equal(
        Object.fromEntries(numbers(COUNTERS).map((id) => [`note-of-counter-${id}`, STEPS]))
      )
    })

    it('tell a websocket of what another process stores and projects', async () => {
      const sqlProvider = { url: server().url, schema: 'told_across' }
      const [here, there] = [await app.start({ sqlProvider }), await app.start({ sqlProvider })]
      const clients = await Promise.all([here, there].map(opened))
      try {
        for (const client of clients) client.start('steps', SUBSCRIPTION, { id: 'counter' })
        await eventually(async () => (await here.ask({ do: 'subscriptions', type: 'CounterView' })) === 2)
        await there.store(['counter', 7])
        for (const client of clients) {
          const [{ payload }] = await client.until('steps', 1)
          expect(payload?.data?.CounterView).to.deep.equal({ steps: [7] })
        }
      } finally {
        await Promise.all(clients.map(async (client) => client.close()))
      }
    })
  })
})

const SUBSCRIPTION = 'subscription ($id: ID!) { CounterView(id: $id) { steps } }'

/** The port is listened on some time after the service has started. */
async function opened({ socketPort }: CountingProcess): Promise<SocketClient> {
  let client: SocketClient | undefined
  await eventually(async () => {
    client = await SocketClient.open(socketPort).catch(() => undefined)
    return client !== undefined
  })
  return client as SocketClient
}

/** Each counter gets its steps from one process after another. */
async function fill(processes: readonly CountingProcess[]): Promise<void> {
  const counter = async (id: number): Promise<void> => {
    for (const step of numbers(STEPS)) await processes[step % processes.length].store([`counter-${id}`, step])
  }
  await Promise.all(numbers(COUNTERS).map(counter))
}

async function untilAll(service: CountingProcess): Promise<void> {
  await eventually(
    async () => {
      const { waiting, count } = await service.health()
      return waiting === 0 && count >= COUNTERS * STEPS * 2
    },
    async () => service.health(),
    120_000
  )
  for (const id of numbers(COUNTERS)) {
    expect(await service.noted(`counter-${id}`)).to.deep.equal(numbers(STEPS))
    expect(await service.seen(`counter-${id}`)).to.deep.equal(numbers(STEPS))
  }
}
