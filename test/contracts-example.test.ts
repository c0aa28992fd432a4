import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { graphql } from '../examples/support/graphql'
import { freePorts } from '../examples/support/free-ports'
import { startService } from '../examples/support/services'
import { waitFor } from '../examples/support/wait-for'
import { makeWorkspace } from '../examples/support/workspace'
import { ContractsCopy } from './support/contracts-copy'
import type { Started } from './support/started'
import { WarmCli } from './support/warm-cli'

type Service = 'waiter' | 'kitchen'

/** A change of the contract, made together with the service of the team that wants it. */
interface Break {
  readonly name: string
  /** The service that nobody has told. */
  readonly other: Service
  /** What the compiler says there. */
  readonly refused: RegExp
  /** What `contracts check` says, line by line. */
  readonly told: readonly RegExp[]
  /** How the fixed contract is checked. */
  readonly compatibility?: string
}

const WALK = readFileSync(resolve(__dirname, '../docs/how-to/migrations.md'), 'utf8')

const BREAKS: readonly Break[] = [
  {
    name: 'field-removed',
    other: 'kitchen',
    refused: /^kitchen\/src\/event-handlers\/cook-order\.ts\(8,.*Property 'guest' does not exist on type 'OrderPlaced'/,
    told: [
      /✗ OrderPlaced\.guest is gone {2}src\/order-placed\.ts:4/,
      /read by kitchen: CookOrder {2}src\/event-handlers\/cook-order\.ts:7/,
      /Keep guest until no handler reads it, and remove it with a migration to a higher version\./,
    ],
    compatibility: 'backward',
  },
  {
    name: 'field-required',
    other: 'waiter',
    refused: /^waiter\/src\/commands\/place-order\.ts\(16,.*'string \| undefined' is not assignable to .* 'string'/,
    told: [
      /✗ OrderPlaced\.note is required now {2}src\/order-placed\.ts:4/,
      /new code can’t read events that were written before/,
      /read by kitchen: CookOrder/,
      /Keep note optional, or write a migration to version 2\./,
    ],
  },
  {
    name: 'type-narrowed',
    other: 'waiter',
    refused: /^waiter\/src\/commands\/place-order\.ts\(16,.*'string' is not assignable to parameter of type 'Dish'/,
    told: [
      /✗ OrderPlaced\.dish takes less than before: string → "soup" \| "stew" \| "dish of the day" {2}src\/order-placed\.ts:7/,
      /read by kitchen: CookOrder/,
      /Leave dish as it is and add a field, or write a migration to version 2\./,
    ],
  },
  {
    name: 'event-renamed',
    other: 'kitchen',
    refused: /^kitchen\/src\/event-handlers\/cook-order\.ts\(1,.*has no exported member '?OrderPlaced'?/,
    told: [
      /✗ OrderPlaced is gone, or was renamed {2}src\/order-placed\.ts:4/,
      /read by kitchen: CookOrder {2}src\/event-handlers\/cook-order\.ts:7/,
      /Keep OrderPlaced until nobody handles it; publish the new event beside it\./,
      /✓ OrderTaken is new/,
    ],
  },
  {
    name: 'topic-removed',
    other: 'kitchen',
    refused: /^kitchen\/src\/event-handlers\/cook-order\.ts\(6,.*'"orders"' is not assignable/,
    told: [
      /✗ OrderPlaced is no longer carried by main\/orders {2}src\/streamers\.ts:9/,
      /read by kitchen: CookOrder {2}src\/event-handlers\/cook-order\.ts:7/,
      /Keep main\/orders in the contract until no service publishes or handles OrderPlaced there\./,
    ],
  },
]

interface Orders {
  readonly ListOrderReadModels: { readonly items: ReadonlyArray<{ readonly timesServed: number }> }
}

describe('examples/contracts: a waiter and a kitchen', function () {
  this.timeout(180_000)

  it('bring what was ordered, once', async () => {
    const workspace = makeWorkspace({ services: ['waiter', 'kitchen'] })
    const settings = { RESTAURANT_LOG: join(workspace.folder, 'main') }
    const [port, webSocketPort, ...others] = await freePorts(4)
    const started: Started[] = []
    try {
      started.push(await startService('waiter', { workspace: { ...workspace, settings }, port, webSocketPort }))
      const [kitchenPort, kitchenWebSocketPort] = others
      const kitchen = { port: kitchenPort, webSocketPort: kitchenWebSocketPort }
      started.push(await startService('kitchen', { workspace: { ...workspace, settings }, ...kitchen }))
      const [{ url = '' }] = started
      const order = 'mutation { PlaceOrder(input: { table: 4, dish: "soup", guest: "Ana", note: "hot" }) }'
      const { PlaceOrder: id } = await graphql(url, order)
      const list = '{ ListOrderReadModels(filter: {}) { items { id plate timesServed } } }'
      const served = waitFor('the dish to be served', async () => {
        const { ListOrderReadModels: orders } = await graphql<Orders>(url, list)
        return orders.items.length === 1 && orders.items[0].timesServed > 0 && orders.items[0]
      })
      expect(await Promise.race([served, ...started.map(({ failed }) => failed)])).to.deep.equal({
        id,
        plate: 'soup (hot) for Ana',
        timesServed: 1,
      })
    } finally {
      await Promise.all(started.map((service) => service.stop()))
      workspace.remove()
    }
  })
})

describe('examples/contracts: a contract that changes', function () {
  this.timeout(600_000)
  const cli = new WarmCli()
  let copy: ContractsCopy
  beforeEach(async () => {
    copy = await ContractsCopy.make(cli)
  })
  afterEach(() => copy.remove())
  after(() => cli.end())

  for (const { name, other, refused, told, compatibility = 'full' } of BREAKS) {
    it(`${name}: the ${other} does not compile, the check says why, and is content when it is fixed`, async () => {
      await copy.apply(`${name}/break`)
      const errors = copy.compilerErrors('waiter', 'kitchen')
      const broken = await copy.check()
      expect(
        errors.filter((error) => refused.test(error)),
        errors.join('\n')
      ).to.have.length(1)
      expect(errors.filter((error) => !error.startsWith(`${other}/`))).to.deep.equal([])
      expect(broken.code, broken.output).to.equal(1)
      for (const line of told) expect(broken.output).to.match(line)
      if (name === 'field-removed') expect(WALK).to.contain(broken.out)

      await copy.apply(`${name}/fix`)
      expect(copy.compilerErrors('waiter', 'kitchen')).to.deep.equal([])
      const fixed = await copy.check('--compatibility', compatibility)
      expect(fixed.code, fixed.output).to.equal(0)
    })
  }

  it('loses a field in steps, each of which compiles and is checked', async () => {
    await copy.apply('guest-goes/1-kitchen')
    expect(copy.compilerErrors('waiter', 'kitchen')).to.deep.equal([])

    await copy.apply('guest-goes/2-contract')
    expect(copy.compilerErrors('kitchen')).to.deep.equal([])
    const full = await copy.check()
    expect(full.code, full.output).to.equal(1)
    expect(full.output).to.contain('services that are not updated yet park new events until they are')
    expect(full.output).to.contain('Update the services that handle OrderPlaced before those that publish it')
    expect(full.output).not.to.contain('read by')
    expect(WALK).to.contain(full.out)
    const { code, out: backward, err } = await copy.check('--compatibility', 'backward')
    expect(code, err).to.equal(0)
    expect(WALK).to.contain(backward)

    await copy.apply('guest-goes/3-waiter')
    expect(copy.compilerErrors('waiter', 'kitchen')).to.deep.equal([])
    const { output } = await copy.topology()
    expect(output).to.match(/publishes {2}OrderPlaced v2 {2}to main\/orders/)
    expect(WALK).to.contain(output.split('\n').slice(0, 3).join('\n'))
  })
})
