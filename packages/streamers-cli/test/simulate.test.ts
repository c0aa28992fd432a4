import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import Ajv from 'ajv'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { paced } from '../src/simulate'
import { valuesOf } from '../src/simulate/values'
import type { FieldSchema } from '../src/schemas'
import { Command, run, runWarm } from './support/command'
import type { Ended } from './support/command'
import { inTempFolder } from './support/temp-folder'

const SHAPES: FieldSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', format: 'uuid' },
    at: { type: 'string', format: 'date-time' },
    bytes: { type: 'string', format: 'byte' },
    code: { type: 'string', pattern: '^order-[0-9]{3}$' },
    kind: { enum: ['a', 'b', 3, null] },
    fixed: { const: 7 },
    price: { type: 'number' },
    total: { type: 'integer' },
    isPaid: { type: 'boolean' },
    either: { anyOf: [{ type: 'string' }, { type: 'null' }, { not: {} }] },
    both: { type: ['string', 'integer'] },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], minItems: 2, maxItems: 2 },
    many: { type: 'array', items: { type: 'integer' }, minItems: 5 },
    byName: { type: 'object', additionalProperties: { type: 'integer' } },
    tree: { $ref: '#/definitions/Tree' },
    never: { not: {} },
    anything: {},
  },
  required: ['id', 'at', 'bytes', 'code', 'kind', 'fixed', 'price', 'either', 'both', 'pair', 'many', 'tree'],
  additionalProperties: false,
  definitions: {
    Tree: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        parent: { $ref: '#/definitions/Tree' },
        next: { anyOf: [{ $ref: '#/definitions/Tree' }, { type: 'null' }] },
        children: { type: 'array', items: { $ref: '#/definitions/Tree' } },
      },
      required: ['name', 'next', 'children'],
      additionalProperties: false,
    },
  },
}

describe('values of a schema', () => {
  it('are what the schema takes, of every shape', () => {
    const validate = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(SHAPES)
    fc.assert(
      fc.property(valuesOf(SHAPES, 'here'), (value) => {
        expect(validate(value), JSON.stringify(validate.errors)).to.equal(true)
        expect(JSON.parse(JSON.stringify(value))).to.deep.equal(value)
        const { id, at, bytes } = value as Record<string, string>
        expect(id).to.match(/^[0-9a-f-]{36}$/)
        expect(new Date(at).toISOString()).to.equal(at)
        expect(Buffer.from(bytes, 'base64').toString('base64')).to.equal(bytes)
      })
    )
  })

  it('are not there for what contains itself without an end, and for what is not in the schema', () => {
    const self: FieldSchema = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] }
    const gone: FieldSchema = { $ref: '#/definitions/Gone' }
    for (const [schema, why] of [
      [self, 'without an end'],
      [gone, 'not in the schema'],
    ] as const) {
      expect(() => valuesOf(schema, 'src/a.ts:1'))
        .to.throw(why)
        .that.includes({ code: 'OPTION_INVALID' })
    }
  })
})

describe('paced values', () => {
  it('come no faster than the rate, in order, and all of them', async () => {
    const start = performance.now()
    const all: number[] = []
    const pace = { eventsPerSecond: 100, batch: 500, signal: new AbortController().signal }
    for await (const batch of paced(Array(21).keys(), pace)) all.push(...batch)
    expect(all).to.deep.equal([...Array(21).keys()])
    expect(performance.now() - start).to.be.at.least(195)
  })

  it('end when they are stopped, also while they wait', async () => {
    const stop = new AbortController()
    const values = paced(Array(9).keys(), { eventsPerSecond: 0.001, batch: 500, signal: stop.signal })
    expect((await values.next()).value).to.deep.equal([0])
    const waiting = values.next()
    stop.abort()
    expect(await waiting).to.deep.equal({ done: true, value: undefined })
  })
})

const schema = (title: string, version: number, topics: object): object => ({
  title,
  'x-event-version': version,
  'x-event-type': `com.acme.${title}`,
  'x-declared-at': `src/${title}.ts:1`,
  'x-topics': topics,
  type: 'object',
  properties: { orderId: { type: 'string', format: 'uuid' }, total: { type: 'integer' }, note: { type: 'string' } },
  required: ['orderId', 'total'],
})

/** A folder of extracted schemas, and an embedded log beside it. */
function inContract(work: (contract: string, log: string) => Promise<void>): Promise<void> {
  return inTempFolder(async (folder) => {
    const contract = join(folder, 'schemas')
    await mkdir(contract)
    for (const [title, version] of [
      ['OrderPlaced', 2],
      ['OrderPaid', 1],
    ] as const) {
      const text = JSON.stringify(schema(title, version, { 'main/orders': 'src/streamers.ts:3' }))
      await writeFile(join(contract, `${title}.json`), text)
    }
    await work(contract, join(folder, 'log'))
  })
}

async function logged(path: string): Promise<ExternalEvent[]> {
  const log = LocalStreamer.with({ path })
  const events: ExternalEvent[] = []
  for await (const event of log.read('orders', {})) events.push(event)
  await log.close()
  return events
}

describe('boost-streamers simulate', function () {
  this.timeout(60_000)

  it('publishes events of all that an address carries, of few entities, with their types and versions', () =>
    inContract(async (contract, log) => {
      const own = ['--from-contract', contract, '--local', log, '--key', 'orderId', '--entities', '3', '--count', '60']
      const { code, out, err } = await run(['simulate', 'main/orders', ...own])
      expect({ code, out }).to.have.property('code', 0)
      expect(err).to.not.contain('✗')
      expect(out).to.match(/60 events published to main\/orders, seed \d+\n$/)
      const events = await logged(log)
      const kinds = new Set(events.map(({ metadata }) => `${metadata?.type} ${metadata?.version}`))
      expect([...kinds].sort()).to.deep.equal(['com.acme.OrderPaid 1', 'com.acme.OrderPlaced 2'])
      const keys = events.map(({ metadata }) => metadata?.key)
      expect(keys).to.deep.equal(events.map(({ eventPayload }) => (eventPayload as { orderId: string }).orderId))
      expect(new Set(keys).size).to.equal(3)
      expect(new Set(events.map(({ metadata }) => metadata?.id)).size).to.equal(60)
    }))

  it('gives the same fields for the same seed, each event with an id of its own, and publishes nothing in a dry run', () =>
    inContract(async (contract) => {
      const dry = (seed: string): Promise<Ended> =>
        runWarm(['simulate', 'orders', '--from-contract', contract, '--type', 'OrderPaid', '--seed', seed, '--dry-run'])
      const lines = (ended: Ended): { id: string; type: string; payload: object }[] =>
        ended.out
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as never)
      const [one, same, other] = [await dry('7'), await dry('7'), await dry('8')].map(lines)
      const payloads = (events: typeof one): object[] => events.map(({ payload }) => payload)
      expect(one).to.have.length(10)
      expect(new Set(one.map(({ type }) => type))).to.deep.equal(new Set(['com.acme.OrderPaid']))
      expect(payloads(same)).to.deep.equal(payloads(one))
      expect(payloads(other)).to.not.deep.equal(payloads(one))
      expect(new Set([...one, ...same].map(({ id }) => id)).size).to.equal(20)
    }))

  it('goes on at its rate until Ctrl-C, and says how many there were', () =>
    inContract(async (contract, log) => {
      const own = ['--from-contract', contract, '--local', log, '--rate', '50', '--dry-run']
      const command = new Command(['simulate', 'main/orders', ...own])
      await command.says(/(?:.*\n){12}/)
      expect((await command.end('SIGINT')).code).to.equal(0)
    }))

  it('refuses an unknown address, event, field and folder with the nearest names, and publishes nothing', () =>
    inContract(async (contract, log) => {
      const from = ['--from-contract', contract, '--local', log]
      const refused: readonly [string[], string][] = [
        [['main/order', ...from], "Did you mean 'main/orders'?"],
        [['main/orders', ...from, '--type', 'OrderPayed'], "Did you mean 'OrderPaid'?"],
        [['main/orders', ...from, '--key', 'orderid'], "Did you mean 'orderId'?"],
        [['main/orders', ...from, '--key', 'note'], "has no field 'note' that is always there"],
        [['main/orders', '--from-contract', `${contract}-gone`, '--local', log], 'There is no such folder'],
      ]
      for (const [args, why] of refused) {
        const { code, err } = await runWarm(['simulate', ...args])
        expect({ code, err }).to.have.property('code', 1)
        expect(err).to.contain('[OPTION_INVALID]').and.contain(why)
      }
      expect(existsSync(log)).to.equal(false)
    }))
})
