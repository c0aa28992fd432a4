import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { runWarm } from '../support/command'

const ROOT = join(__dirname, '../../../..')
const CONTRACT = join(ROOT, 'examples/contracts/contract')
const KITCHEN = join(ROOT, 'examples/contracts/kitchen')

describe('boost-streamers contracts check --against a schema registry', function () {
  this.timeout(600_000)

  describeWithServer('schema-registry', (server) => {
    let folder: string
    let contract: string

    before(async () => {
      await mkdir(join(ROOT, '.cache'), { recursive: true })
      folder = await mkdtemp(join(ROOT, '.cache/registry-'))
      contract = join(folder, 'examples/contracts/contract')
      await cp(join(CONTRACT, 'src'), join(contract, 'src'), { recursive: true })
      await cp(join(CONTRACT, 'tsconfig.json'), join(contract, 'tsconfig.json'))
      await mkdir(join(folder, 'examples/blog'))
      await cp(join(ROOT, 'examples/blog/tsconfig.base.json'), join(folder, 'examples/blog/tsconfig.base.json'))
    })
    after(() => rm(folder, { recursive: true, force: true }))

    const check = (...more: string[]) => runWarm(['contracts', 'check', contract, '--against', server().url, ...more])
    const edit = async (from: string, to: string): Promise<void> => {
      const file = join(contract, 'src/order-placed.ts')
      const text = await readFile(file, 'utf8')
      if (!text.includes(from)) throw new Error(`There is no '${from}'.`)
      await writeFile(file, text.replace(from, to))
    }
    const register = async (subject: string, schema: string): Promise<void> => {
      const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
      const request = { method: 'POST', headers, body: JSON.stringify({ schema }) }
      const response = await fetch(`${server().url}/subjects/${subject}/versions`, request)
      expect(response.status, await response.text()).to.equal(200)
    }

    it('compares with what was extracted and registered, and names who reads what has changed', async () => {
      const nothing = await check()
      expect(nothing.code).to.equal(1)
      expect(nothing.err).to.contain('no schema of any of these events').and.contain('orders-value')

      const out = join(folder, 'schemas')
      const extracted = await runWarm(['contracts', 'extract', contract, '--format', 'avro', '--out', out])
      expect(extracted).to.include({ code: 0, err: '' })
      await register('orders-value', await readFile(join(out, 'OrderPlaced.avsc'), 'utf8'))
      await register('dishes-value', await readFile(join(out, 'DishReady.avsc'), 'utf8'))
      expect((await check()).out).to.contain('0 changes')

      await edit('readonly guest: string,\n    readonly note?: string', 'readonly note: string')
      const { code, out: said } = await check('--services', KITCHEN)
      expect(code, said).to.equal(1)
      expect(said).to.match(/✗ OrderPlaced\.guest is gone {2}src\/order-placed\.ts:4/)
      expect(said).to.match(/✗ OrderPlaced\.note is required now/)
      expect(said).to.match(/read by kitchen: CookOrder/)
      await edit(
        'readonly note: string',
        'readonly guest: string,\n    readonly note?: string,\n    readonly by?: number'
      )
      const fine = await check()
      expect(fine.code, fine.out).to.equal(0)
      expect(fine.out).to.contain('✓ OrderPlaced.by is new')
    })

    it('finds subjects that are called by their records', async () => {
      const record = { type: 'record', name: 'OrderPlaced', namespace: 'com.acme' }
      await register('com.acme.OrderPlaced', JSON.stringify({ ...record, fields: [{ name: 'table', type: 'string' }] }))
      const { code, out } = await check('--subjects', 'record', '--namespace', 'com.acme')
      expect(code).to.equal(1)
      expect(out).to.match(/✗ OrderPlaced\.table .*string → number/)
      expect(out).to.contain('✓ DishReady is new')
    })
  })

  it('says that a registry does not answer', async () => {
    const { code, err } = await runWarm(['contracts', 'check', CONTRACT, '--against', 'http://127.0.0.1:9'])
    expect(code).to.equal(1)
    expect(err).to.contain('STREAMER_UNAVAILABLE').and.contain('127.0.0.1:9')
  })
})
