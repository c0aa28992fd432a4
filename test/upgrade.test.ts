import type { Server } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { eventually } from '../packages/streamers/test/support/eventually'
import { orSkip } from './support/or-skip'
import { UpgradedShop } from './support/upgraded-shop'
import type { Given } from './support/upgraded-shop'
import { KINDS } from './upgrade/shop'
import type { Kind } from './upgrade/shop'

const WORDS: Readonly<Record<Kind, string>> = {
  embedded: 'an embedded state',
  postgres: 'a state on PostgreSQL',
  dynamodb: 'a state on DynamoDB',
  sql: 'events and state in one SQLite file',
  'sql-postgres': 'events and state in one schema of PostgreSQL',
}

describe('a service whose earlier version was killed, started once', function () {
  this.timeout(180_000)
  let shop: UpgradedShop

  before(async () => (shop = await UpgradedShop.build()))
  after(() => shop?.remove())

  for (const kind of KINDS) describe(`with ${WORDS[kind]}`, () => upgraded(kind, () => shop))
})

function upgraded(kind: Kind, made: () => UpgradedShop): void {
  let shop: UpgradedShop
  let server: Server | undefined
  let given: Given[]
  const letterOf = (handler: string): Given | undefined => given.find((one) => one.handler === handler)

  before(async function () {
    shop = made()
    await orSkip(this, async () => (server = await UpgradedShop.serverFor(kind)))
    await shop.restore(kind, server)
    await shop.start()
  })
  after(async () => {
    await shop.stop()
    await server?.stop()
  })

  it('publishes what was pending, in its order', async () => {
    await shop.until(() => shop.published(), ['o2', 'o3'])
  })

  it('tries what was parked again in the order of its key, and counts the attempts on', async () => {
    await shop.until(() => shop.journal('Retried'), ['k1', 'k2', 'k3'])
    await shop.until(async () => (await shop.runs('Retried')).includes('worn1'), true)
    await eventually(
      async () => {
        given = await shop.deadLetters()
        return letterOf('Retried') !== undefined
      },
      () => given,
      LIMIT_MS
    )
    expect(letterOf('Retried')).to.include({ key: 'worn', id: 'retried-worn1', attempts: 2, holdsKey: true })
    expect((await shop.runs('Retried')).filter((note) => note === 'worn1')).to.have.length(1)
  })

  it('lists the dead letters, each with what it was', async () => {
    expect(letterOf('Held')).to.include({ id: 'held-h1', attempts: 1, holdsKey: true })
    expect(letterOf('Held')?.cause.message).to.equal('It fails on h1.')
    expect(letterOf('LetGo')).to.include({ id: 'let-go-l1', attempts: 1, holdsKey: false })
    expect(letterOf('')?.cause.code).to.equal('EVENT_UNDECODABLE')
    const shown = await shop.command('dead-letters', 'show', '--payload', String(letterOf('')?.place))
    expect(shown).to.contain(Buffer.from('not JSON').toString('base64'))
    expect(given.filter(({ direction }) => direction === 'out')).to.have.length(1)
  })

  it('redrives them, and what waited behind follows; and sends again what its streamer refused', async () => {
    expect([await shop.runs('Held'), await shop.runs('LetGo')]).to.deep.equal([[], []])
    const isMeant = ({ direction, handler }: Given): boolean =>
      direction === 'out' || handler === 'Held' || handler === 'LetGo'
    await shop.command('dead-letters', 'redrive', ...given.filter(isMeant).map(({ place }) => place))
    await shop.until(() => shop.journal('Held'), ['h1', 'h2'])
    await shop.until(async () => (await shop.journal('LetGo')).sort(), ['l1', 'l2'])
    await shop.until(() => shop.published(), ['o2', 'o3', 'o1'])
    expect(await shop.runs('LetGo')).to.deep.equal(['l1'])
  })

  it('handles what was being handled, once', async () => {
    await shop.until(() => shop.journal('Hung'), ['x1'])
    expect(await shop.runs('Hung')).to.deep.equal(['x1'])
  })

  it('has what the last handler registered, and does not run it again', async () => {
    await shop.until(() => shop.journal('Written'), ['s1'])
    expect(await shop.runs('Written')).to.deep.equal([])
  })

  it('goes on behind what was handled, and handles none of it again', async () => {
    await shop.publish('finished', { key: 'a', n: 3 }, { key: 'b', n: 4 })
    await shop.number(5)
    await shop.until(async () => (await shop.journal('Finished')).sort(), ['a1', 'a3', 'b2', 'b4'])
    await shop.until(() => shop.journal('Numbers'), ['all1', 'all2', 'all3', 'all4', 'all5'])
    expect(await shop.runs('Numbers')).to.deep.equal(['all4', 'all5'])
    expect((await shop.runs('Finished')).sort()).to.deep.equal(['a3', 'b4'])
  })

  it('knows what was finished when it comes again', async () => {
    await shop.publish('finished', { key: 'a', n: 1 }, { key: 'a', n: 5 })
    await shop.until(async () => (await shop.runs('Finished')).sort(), ['a3', 'a5', 'b4'])
  })

  it('leaves a link paused until it is resumed', async () => {
    expect(await shop.link('Paused')).to.include({ paused: true, parked: 1 })
    expect(await shop.runs('Paused')).to.deep.equal([])
    await shop.command('links', 'resume', 'log/paused', 'Paused')
    await shop.until(() => shop.journal('Paused'), ['p1'])
  })

  it('has the entities and read models that there were', async () => {
    expect(await shop.order('o2')).to.equal('soup')
  })

  it('does none of it again at the next start', async () => {
    await shop.stop()
    const before = await Promise.all(HANDLERS.map((handler) => shop.runs(handler)))
    await shop.start()
    await shop.publish('finished', { key: 'a', n: 6 })
    await shop.number(6)
    await shop.until(async () => (await shop.runs('Finished')).includes('a6'), true)
    await shop.until(async () => (await shop.runs('Numbers')).includes('all6'), true)
    const after = await Promise.all(HANDLERS.map((handler) => shop.runs(handler)))
    expect(after.map((runs) => runs.filter((note) => !['a6', 'all6'].includes(note)))).to.deep.equal(before)
    expect(await shop.published()).to.deep.equal(['o2', 'o3', 'o1'])
  })
}

/** As long as a command may take on a machine that has much else to do. */
const LIMIT_MS = 120_000
const HANDLERS = ['Finished', 'Retried', 'Held', 'LetGo', 'Paused', 'Broken', 'Hung', 'Written', 'Numbers']
