import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { makeTopics } from '../examples/support/topics'
import { waitFor } from '../examples/support/wait-for'
import { orSkip } from './support/or-skip'
import { Restaurant } from './support/restaurant'

const AT_ONCE = 5
const LIMIT_MS = 120_000
const OLD_ORDER = 'table: 4, dish: "soup", guest: "Ana"'
const NEW_ORDER = 'table: 4, dish: "stew"'

describe('a rolling deploy from one version of an event to the next', function () {
  this.timeout(600_000)
  let restaurant: Restaurant
  let postgres: Server
  let folder: string

  before(async function () {
    await orSkip(this, async () => (postgres = await startServer('postgres')))
    folder = await mkdtemp(join(tmpdir(), 'streamers-rolling-'))
    restaurant = await Restaurant.build(['guest-goes/1-kitchen', 'guest-goes/2-contract', 'guest-goes/3-waiter'])
  })
  afterEach(() => restaurant.stopAll())
  after(async () => {
    await restaurant?.remove()
    await postgres?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('loses and doubles nothing on the embedded log, with old and new waiters and kitchens side by side', () =>
    deploy(restaurant, { STATE_URL: postgres.url, RESTAURANT_LOG: join(folder, 'log') }))

  describe('on Kafka', () => {
    let kafka: Server
    before(async function () {
      await orSkip(this, async () => (kafka = await startServer('kafka')))
      await makeTopics(kafka, ['orders', 'dishes'])
    })
    after(() => kafka?.stop())

    it('loses and doubles nothing, with old and new waiters and kitchens side by side', () =>
      deploy(restaurant, { STATE_URL: postgres.url, KAFKA_BROKERS: kafka.url }))
  })
})

/** The waiters go first, which is the wrong order; nothing is lost all the same. */
async function deploy(restaurant: Restaurant, settings: Readonly<Record<string, string>>): Promise<void> {
  const run = randomUUID().slice(0, 8)
  const [oldWaiter, newWaiter, oldKitchen, newKitchen] = ['waiter-1', 'waiter-2', 'kitchen-1', 'kitchen-2'].map(
    (name) => `${name}-${run}`
  )
  const placed: { id: string; version: 'old' | 'new' }[] = []
  const order = async (version: 'old' | 'new'): Promise<void> => {
    const [waiter, input] = version === 'old' ? [oldWaiter, OLD_ORDER] : [newWaiter, NEW_ORDER]
    for (let i = 0; i < AT_ONCE; i++) placed.push({ id: await restaurant.order(waiter, input), version })
  }
  const idsOf = (version: 'old' | 'new'): string[] =>
    placed.filter((one) => one.version === version).map(({ id }) => id)
  const made = (): Promise<{ orderId: string; plate: string }[]> => restaurant.plates(oldKitchen, newKitchen)
  const until = async (what: string, ask: () => Promise<boolean>): Promise<unknown> =>
    Promise.race([waitFor(what, ask, { limitMs: LIMIT_MS }), restaurant.failed])
  const areMade = async (ids: readonly string[]): Promise<boolean> => {
    const there = (await made()).map(({ orderId }) => orderId)
    return ids.every((id) => there.includes(id))
  }

  await restaurant.start(oldWaiter, 'waiter', 'old', settings)
  await restaurant.start(oldKitchen, 'kitchen', 'old', settings)
  await order('old')
  await until('the old kitchen to make what the old waiter orders', () => areMade(idsOf('old')))

  await restaurant.start(newWaiter, 'waiter', 'new', settings)
  await order('new')
  await order('old')
  await until('the old kitchen to go on', () => areMade(idsOf('old')))
  await until('it to say that it is behind', async () =>
    (await restaurant.health(oldKitchen)).includes('newer-version')
  )
  const madeByOld = (await made()).map(({ orderId }) => orderId)
  expect(madeByOld).to.have.members(idsOf('old'))

  await restaurant.start(newKitchen, 'kitchen', 'new', settings)
  await order('old')
  await order('new')
  await until('old orders to be made while both kitchens run', () => areMade(idsOf('old')))
  await restaurant.stop(oldKitchen)
  await order('old')
  await until('every order to be made', () => areMade(placed.map(({ id }) => id)))

  const plates = await made()
  expect(plates.map(({ orderId }) => orderId)).to.have.members(placed.map(({ id }) => id))
  expect(plates.filter(({ orderId }) => idsOf('new').includes(orderId)).map(({ plate }) => plate)).to.deep.equal(
    idsOf('new').map(() => 'stew')
  )
  const last = plates.filter(({ orderId }) => idsOf('old').slice(-AT_ONCE).includes(orderId))
  expect(last.map(({ plate }) => plate)).to.deep.equal(last.map(() => 'soup'))
  expect(await restaurant.health(newKitchen)).not.to.contain('newer-version')
}
