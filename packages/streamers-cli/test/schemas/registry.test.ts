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
    const ask = async (method: string, path: string, body: object): Promise<void> => {
      const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
      const response = await fetch(server().url + path, { method, headers, body: JSON.stringify(body) })
      expect(response.status, await response.text()).to.be.below(300)
    }
    const register = (subject: string, schema: string, schemaType = 'AVRO'): Promise<void> =>
      ask('POST', `/subjects/${subject}/versions`, { schema, schemaType })
    const asks = (subject: string, compatibility: string): Promise<void> =>
      ask('PUT', `/config/${subject}`, { compatibility })

    it('compares with what was extracted and registered, and names who reads what has changed', async () => {
      const nothing = await check()
      expect(nothing.code).to.equal(1)
      expect(nothing.err).to.contain('no schema of any of these events').and.contain('orders-value')

      const out = join(folder, 'schemas')
      const extracted = await runWarm(['contracts', 'extract', contract, '--format', 'avro', '--out', out])
      expect(extracted).to.include({ code: 0, err: '' })
      await register('orders-value', await readFile(join(out, 'OrderPlaced.avsc'), 'utf8'))
      await register('dishes-value', await readFile(join(out, 'DishReady.avsc'), 'utf8'))
      await asks('orders-value', 'FULL')
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
      expect(fine.out).to.contain('✓ OrderPlaced.by is new').and.contain('orders-value v1: FULL')
      await edit(',\n    readonly by?: number', '')
    })

    it('asks what the subject asks: one way, the other, both, nothing, and of all versions', async () => {
      const record = (fields: readonly object[]) => JSON.stringify({ type: 'record', name: 'OrderPlaced', fields })
      const text = (name: string) => ({ name, type: 'string' })
      const maybe = (name: string) => ({ name, type: ['null', 'string'], default: null })
      const table = { name: 'table', type: 'double' }
      const order = { name: 'orderId', type: 'string' }
      await asks('orders-value', 'NONE')
      // Since version 2 there was a field that the class does not have, and it had none that the class requires.
      await register('orders-value', record([order, table, text('dish'), maybe('note'), text('waiter')]))
      for (const [mode, broken] of [
        ['NONE', false],
        ['BACKWARD', true],
        ['FORWARD', true],
        ['FULL', true],
      ] as const) {
        await asks('orders-value', mode)
        const { code, out } = await check()
        expect(out).to.contain(`orders-value v2: ${mode}`)
        expect(code, out).to.equal(broken ? 1 : 0)
        const fails = (field: string) => out.includes(`✗ OrderPlaced.${field} `)
        expect([fails('guest'), fails('waiter')], out).to.deep.equal([
          mode === 'BACKWARD' || mode === 'FULL',
          mode === 'FORWARD' || mode === 'FULL',
        ])
      }
      expect((await check('--compatibility', 'backward')).out).to.match(/✗ OrderPlaced\.guest/)
      const extracted = await readFile(join(folder, 'schemas/OrderPlaced.avsc'), 'utf8')
      await asks('orders-value', 'NONE')
      await register('orders-value', extracted.replace('{', '{ "doc": "The third.",'))
      await asks('orders-value', 'BACKWARD')
      expect(await check()).to.include({ code: 0 })
      await asks('orders-value', 'BACKWARD_TRANSITIVE')
      const all = await check()
      expect(all.code).to.equal(1)
      expect(all.out)
        .to.match(/v1: BACKWARD_TRANSITIVE[^]*v2: [^]*v3: /)
        .and.match(/✗ OrderPlaced\.guest/)
    })

    it('compares with JSON Schema, extracted and of others, and with Protobuf', async () => {
      const json = join(folder, 'json')
      await runWarm(['contracts', 'extract', contract, '--out', json])
      const record = 'com.json.OrderPlaced'
      await register(record, await readFile(join(json, 'OrderPlaced.json'), 'utf8'), 'JSON')
      await asks(record, 'FULL')
      const subjects = (namespace: string) => check('--subjects', 'record', '--namespace', namespace)
      expect((await subjects('com.json')).out)
        .to.contain(`${record} v1: FULL`)
        .and.contain('1 change, none breaks')
      const title = 'OrderPlaced'
      const properties = {
        orderId: { type: 'string' },
        table: { type: 'string' },
        dish: { type: 'string' },
        guest: { type: 'string' },
        note: { type: 'string' },
      }
      const foreign = { title, type: 'object', properties, required: ['orderId', 'table', 'dish'] }
      await register('com.other.OrderPlaced', JSON.stringify(foreign), 'JSON')
      await asks('com.other.OrderPlaced', 'BACKWARD')
      const other = await subjects('com.other')
      expect(other.code, other.out).to.equal(1)
      expect(other.out)
        .to.match(/✗ OrderPlaced\.table .*string → number/)
        .and.match(/✗ OrderPlaced\.guest is required now/)
        .and.contain('2 of 3 changes break')
      const fields = 'string orderId = 1; bool table = 2; string dish = 3; string guest = 4; optional string note = 5;'
      await register('com.proto.OrderPlaced', `syntax = "proto3"; message OrderPlaced { ${fields} }`, 'PROTOBUF')
      await asks('com.proto.OrderPlaced', 'BACKWARD')
      const proto = await subjects('com.proto')
      expect(proto.out, proto.err)
        .to.match(/✗ OrderPlaced\.table .*boolean → number/)
        .and.contain('1 of 2 changes breaks')
    })

    it('finds subjects that are called by their records', async () => {
      const record = { type: 'record', name: 'OrderPlaced', namespace: 'com.acme' }
      await register('com.acme.OrderPlaced', JSON.stringify({ ...record, fields: [{ name: 'table', type: 'string' }] }))
      await asks('com.acme.OrderPlaced', 'FULL')
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
