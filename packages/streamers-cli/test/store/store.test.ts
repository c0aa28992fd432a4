import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import type { BoosterApp } from '../../../streamers/test/support/booster-app'
import { run } from '../support/command'
import type { Ended } from '../support/command'
import { RunningShop, buildShop } from './shop-app'

describe('boost-streamers store', function () {
  this.timeout(300_000)
  let shop: BoosterApp

  before(async () => {
    shop = await buildShop()
    await RunningShop.during(shop.folder, { environment: 'stock' }, async (running) => {
      await running.order('first', 1, 1)
      await running.order('second', 10, 10)
      await running.order('first', 2, 3)
    })
  })
  after(async () => shop?.remove())

  const store = async (words: string, env: Readonly<Record<string, string>> = {}, input?: string): Promise<Ended> =>
    run(['store', ...words.split(' ')], { cwd: shop.folder, env: { DATABASE_URL: '', ...env }, input })

  it("takes over what Booster's local provider has kept, and the app goes on with it", async () => {
    const taken = await store('import --from-nedb .booster')
    expect(taken.code, taken.err).to.equal(0)
    expect(taken.err).to.contain('environment local')
    expect(taken.out).to.contain('3 events, 2 read models, 0 snapshots imported')
    await RunningShop.during(shop.folder, { env: { DATABASE_URL: '' } }, async (running) => {
      expect(await running.total('second')).to.equal(10)
      await running.order('first', 4, 7)
    })
  })

  it('tells what the store holds, while the app runs', async () => {
    await RunningShop.during(shop.folder, { env: { DATABASE_URL: '' } }, async () => {
      const { out, err } = await store('info --json')
      expect(err).to.equal('environment local\n')
      expect(JSON.parse(out)).to.deep.include({ events: 4, entities: 2, waiting: 0, readModels: { OrderView: 2 } })
    })
    expect((await store('info')).out)
      .to.contain('4 of 2 entities')
      .and.contain('OrderView 2')
  })

  it('finds the store whole', async () => {
    expect(await store('verify')).to.deep.include({ code: 0, err: 'environment local\n' })
  })

  it('refuses to import into a store that is not empty', async () => {
    const { code, err } = await store('import --from-nedb .booster')
    expect(code).to.equal(1)
    expect(err).to.contain('The store is not empty')
  })

  it('exports to a file that only its owner reads, and to standard output', async () => {
    expect((await store('export store.jsonl')).out).to.contain('store.jsonl')
    const text = await readFile(join(shop.folder, 'store.jsonl'), 'utf8')
    expect((await store('export')).out).to.equal(text)
    expect((await stat(join(shop.folder, 'store.jsonl'))).mode & 0o077).to.equal(0)
  })

  it('says where a service is not on such a store', async () => {
    const { code, err } = await store('info -e stock')
    expect(code).to.equal(1)
    expect(err).to.contain('@boostercloud/framework-provider-local')
  })

  describeWithServer('postgres', (server) => {
    it('refuses half of an export, and what is no export', async () => {
      const text = await readFile(join(shop.folder, 'store.jsonl'), 'utf8')
      const env = { DATABASE_URL: server().url }
      const half = await store('import', env, text.slice(0, text.length / 2))
      expect(half.code).to.equal(1)
      expect(half.err).to.match(/line \d+|last line/)
      await writeFile(join(shop.folder, 'other.jsonl'), '{"a":1}\n')
      const other = await store('import other.jsonl', env)
      expect(other.code).to.equal(1)
      expect(JSON.parse((await store('info --json', env)).out)).to.deep.include({ events: 0, readModels: {} })
    })

    it('moves an app to PostgreSQL, where it goes on', async () => {
      const env = { DATABASE_URL: server().url }
      const { code, err } = await store('import store.jsonl', env)
      expect(code, err).to.equal(0)
      expect((await store('verify', env)).out).to.contain('whole')
      await RunningShop.during(shop.folder, { env }, async (running) => {
        expect(await running.total('second')).to.equal(10)
        await running.order('first', 5, 12)
      })
      expect(JSON.parse((await store('info --json', env)).out)).to.deep.include({ events: 5, waiting: 0 })
    })
  })
})
