import { existsSync } from 'node:fs'
import { expect } from 'chai'
import { BridgeSystem } from './support/bridge-system'
import type { BridgeService } from './support/bridge-system'
import { isRunning } from './support/is-running'
import { orSkip } from './support/or-skip'

const MORE_ORDERS = 12

describe('examples/bridge: a shop on Kafka, a warehouse on RabbitMQ, a courier on NATS', function () {
  this.timeout(600_000)
  let system: BridgeSystem

  before(async function () {
    await orSkip(this, async () => (system = await BridgeSystem.start('shop', 'warehouse')))
  })

  after(async () => {
    const { pids, workspace } = system ?? { pids: [] }
    await system?.stop()
    expect(pids.filter(isRunning)).to.deep.equal([])
    if (workspace) expect(existsSync(workspace.folder)).to.equal(false)
  })

  it('keeps a parcel for a courier who comes later', async () => {
    const order = await placeOrder('table', 'Vigo')
    await allOf('warehouse', 'Parcel', 'timesPacked', [order], ({ timesPacked }) => timesPacked === 1)
    await system.startService('courier')

    await allOf('courier', 'Delivery', 'timesDelivered', [order], ({ timesDelivered }) => timesDelivered === 1)
  })

  it('brings what is ordered in the first to the third, through the second, once', async () => {
    const order = await placeOrder('lamp', 'Torremolinos')

    const arrived = await allOf('shop', 'Order', 'item timesArrived', [order], ({ timesArrived }) => timesArrived > 0)
    expect(arrived).to.deep.equal([{ id: order, item: 'lamp', timesArrived: 1 }])
    expect(await all('warehouse', 'Parcel', 'grams timesPacked')).to.deep.include({
      id: order,
      grams: 80,
      timesPacked: 1,
    })
    expect(await all('courier', 'Delivery', 'town timesDelivered')).to.deep.include({
      id: order,
      town: 'Torremolinos',
      timesDelivered: 1,
    })
  })

  it('loses and doubles nothing when the service in the middle is killed and started again', async () => {
    const orders: string[] = []
    const placeOrders = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) orders.push(await placeOrder(`book ${i}`, 'Las Palmas'))
    }
    await placeOrders(MORE_ORDERS)
    await system.kill('warehouse')
    await placeOrders(MORE_ORDERS)
    await system.startService('warehouse')

    await allOf('shop', 'Order', 'timesArrived', orders, ({ timesArrived }) => timesArrived > 0)
    const times = [
      ...(await all('shop', 'Order', 'timesArrived')).map(({ timesArrived }) => timesArrived),
      ...(await all('warehouse', 'Parcel', 'timesPacked')).map(({ timesPacked }) => timesPacked),
      ...(await all('courier', 'Delivery', 'timesDelivered')).map(({ timesDelivered }) => timesDelivered),
    ]
    expect(times).to.deep.equal(Array.from({ length: 3 * (2 * MORE_ORDERS + 2) }, () => 1))
  })

  type Item = { readonly id: string } & Readonly<Record<string, unknown>>

  async function placeOrder(item: string, town: string): Promise<string> {
    const { PlaceOrder: id } = await system.ask(
      'shop',
      `mutation { PlaceOrder(input: { item: "${item}", town: "${town}" }) }`
    )
    return id as string
  }

  /** What a read model has, with some of its fields. */
  async function all(service: BridgeService, entity: string, fields: string): Promise<Item[]> {
    const list = `List${entity}ReadModels`
    const answer = await system.ask(service, `{ ${list}(filter: {}) { items { id ${fields} } } }`)
    return (answer[list] as { items: Item[] }).items
  }

  /** The same for some ids, when each of them is as wanted. */
  async function allOf(
    service: BridgeService,
    entity: string,
    fields: string,
    ids: readonly string[],
    isWanted: (item: Item & Record<string, number>) => boolean
  ): Promise<Item[]> {
    return system.eventually(`${service} to know of every ${entity}`, async () => {
      const found = (await all(service, entity, fields)).filter(({ id }) => ids.includes(id))
      return found.length === ids.length && found.every((item) => isWanted(item as never)) && found
    })
  }
})
