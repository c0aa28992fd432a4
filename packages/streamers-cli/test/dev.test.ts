import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { isRunning } from '../../../test/support/is-running'
import { eventually } from '../../streamers/test/support/eventually'
import { freePort } from '../src/free-port'
import { Command, run } from './support/command'

const ROOT = join(__dirname, '..', '..', '..')
const SHOP = join(ROOT, 'packages', 'streamers-cli', 'templates', 'shop')
const LIMIT_MS = 120_000

interface Order {
  readonly product: string
  readonly trackingCode: string | null
}

describe('boost-streamers dev', function () {
  this.timeout(400_000)
  let folder: string
  let dev: Command
  let port: number

  before(async () => {
    await mkdir(join(ROOT, '.cache', 'test-apps'), { recursive: true })
    folder = await mkdtemp(join(ROOT, '.cache', 'test-apps', 'shop-'))
    await cp(SHOP, folder, { recursive: true })
    await mkdir(join(folder, 'node_modules', '@shop'), { recursive: true })
    await symlink(join(folder, 'contract'), join(folder, 'node_modules', '@shop', 'contract'), 'junction')
    port = await freePort()
    dev = new Command(['dev', '--port', String(port)], { cwd: folder })
    await untilConnected(2)
  })
  after(async () => {
    await dev.end()
    await rm(folder, { recursive: true, force: true })
  })

  /** How often a service has said that it is connected. */
  const connected = (): number => dev.out.split('main: connected').length - 1
  const untilConnected = (times: number): Promise<void> =>
    eventually(
      () => connected() >= times,
      () => dev.out + dev.err,
      LIMIT_MS
    )

  async function ask(query: string): Promise<Record<string, { items: Order[] }>> {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return ((await response.json()) as { data: Record<string, { items: Order[] }> }).data
  }
  const place = (product: string): Promise<unknown> =>
    ask(`mutation { PlaceOrder(input: { product: "${product}", quantity: 1 }) }`)
  const untilShipped = (product: string, prefix: string): Promise<void> =>
    eventually(
      async () => {
        const { ListOrderReadModels } = await ask('{ ListOrderReadModels { items { product trackingCode } } }')
        return ListOrderReadModels.items.some(
          (one) => one.product === product && one.trackingCode?.startsWith(prefix) === true
        )
      },
      () => dev.out + dev.err,
      LIMIT_MS
    )
  async function change(path: string, from: string, to: string): Promise<void> {
    const file = join(folder, path)
    const text = await readFile(file, 'utf8')
    expect(text).to.contain(from)
    await writeFile(file, text.replace(from, to))
  }

  it('runs the services of a folder together, with one log', async () => {
    await place('Teapot')
    await untilShipped('Teapot', 'PARCEL-')
    expect(dev.out).to.match(/^orders +│ {3}OrderPlaced → main\/orders$/m)
    expect(dev.out).to.match(/^shipping │ {3}main\/orders → ShipOrder: OrderPlaced, checked by its schema$/m)
    expect(dev.out).not.to.contain('No service here')
  })

  it('has a changed handler handle the next event, and leaves the other service alone', async () => {
    const before = connected()
    await change('shipping/src/event-handlers/ship-order.ts', 'PARCEL-', 'CRATE-')
    await untilConnected(before + 1)
    await place('Kettle')
    await untilShipped('Kettle', 'CRATE-')
    expect(dev.out.match(/^orders .*it starts again/gm) ?? []).to.have.length(0)
  })

  it('goes on with the old code while the new one does not compile', async () => {
    await change('shipping/src/event-handlers/ship-order.ts', 'CRATE-${', 'CRATE-${nothing.of')
    await dev.says(/error TS\d+/, LIMIT_MS)
    await dev.says('It does not compile; it starts when it does.', LIMIT_MS)
    await place('Cup')
    await untilShipped('Cup', 'CRATE-')
    const before = connected()
    await change('shipping/src/event-handlers/ship-order.ts', 'CRATE-${nothing.of', 'BOX-${')
    await untilConnected(before + 1)
    await place('Saucer')
    await untilShipped('Saucer', 'BOX-')
  })

  it('writes the schemas of a contract that has changed, and starts again what depends on it', async () => {
    const before = connected()
    await change('contract/src/order-placed.ts', 'quantity: number', 'quantity: number,\n    readonly gift?: boolean')
    await untilConnected(before + 2)
    await place('Bowl')
    await untilShipped('Bowl', 'BOX-')
  })

  it('says which topic has nobody on the other side', async () => {
    await rm(join(folder, 'orders', 'src', 'event-handlers', 'complete-order.ts'))
    await dev.says('No service here handles main/shipments.', LIMIT_MS)
  })

  it('ends its services with it, also where it is killed', async () => {
    const pids = await childrenOf(dev.pid ?? 0)
    expect(pids).to.have.length(2)
    await dev.end('SIGKILL')
    await eventually(
      () => pids.every((pid) => !isRunning(pid)),
      () => pids.filter(isRunning),
      LIMIT_MS
    )
  })

  it('refuses a folder without services, and says what one is', async () => {
    const { code, err } = await run(['dev', 'contract'], { cwd: folder })
    expect(code).to.equal(1)
    expect(err).to.contain('There is no Booster service').and.contain('init --example')
  })
})

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(' ').map(Number)
}
