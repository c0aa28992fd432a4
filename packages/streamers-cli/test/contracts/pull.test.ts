import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { avro, jsonSchema, protobuf } from '@boostercloud/schema-registry-codec'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { Codec } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { run, runWarm } from '../support/command'
import { withNotes } from '../support/notes-app'
import { complaintsAbout } from './compiled'
import { OTHERS } from './others'

const FIELDS = [
  { name: 'paymentId', type: 'string' },
  { name: 'cents', type: 'long' },
  { name: 'note', type: ['null', 'string'], default: null },
  { name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
  { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
  { name: 'to', type: { type: 'record', name: 'Account', fields: [{ name: 'number', type: 'long' }] } },
  { name: 'shares', type: { type: 'array', items: 'long' } },
]
const PAID = { type: 'record', name: 'Paid', namespace: 'com.bank', doc: 'Somebody has paid.', fields: FIELDS }

const EVENT = {
  paymentId: 'p1',
  cents: 1,
  note: null,
  amount: '12.30',
  at: '2026-11-21T08:25:35.123456Z',
  to: { number: 2n ** 60n },
  shares: [1, 2],
}

const config = (registry: string) => `import { Booster } from '@boostercloud/framework-core'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { avro, jsonSchema, protobuf } from '@boostercloud/schema-registry-codec'
import { PaidSchema } from './contracts/paid'
Booster.configure('local', (config) => {
  config.appName = 'till'
  config.providerPackage = '@boostercloud/framework-provider-local'
  const codec = avro({ registry: '${registry}', readerSchema: PaidSchema })
  const registry = '${registry}'
  config.streamers = {
    main: LocalStreamer.with({ path: 'log', codec }),
    refunds: LocalStreamer.with({ path: 'refunds', codec: jsonSchema({ registry }) }),
    trips: LocalStreamer.with({ path: 'trips', codec: protobuf({ registry }) }),
  }
})
`

const HANDLER = `import { appendFileSync } from 'node:fs'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, metadataOf } from '@boostercloud/streamers'
import { Paid } from './contracts/paid'

@EventHandler({ eventType: Paid, streamedFrom: 'main/payments' })
export class WritesPayments {
  public static async handle(event: Paid, register: Register): Promise<void> {
    void register
    const shown = (_: string, value: unknown) => (typeof value === 'bigint' ? value + 'n' : value)
    const is = [event instanceof Paid, event.entityID(), metadataOf(event)?.type].join()
    appendFileSync('written', is + ' ' + JSON.stringify(event, shown) + '\\n')
  }
}
`

const otherHandler = (
  className: string,
  file: string,
  topic: string
): string => `import { appendFileSync } from 'node:fs'
import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { ${className} } from './contracts/${file.slice(0, -3)}'

@EventHandler({ eventType: ${className}, streamedFrom: '${topic}/${topic}' })
export class Writes${className} {
  public static async handle(event: ${className}, register: Register): Promise<void> {
    void register
    appendFileSync('${topic}.written', [event instanceof ${className}, event.entityID(), Object.keys(event)].join() + '\\n')
  }
}
`

describe('boost-streamers contracts pull', function () {
  this.timeout(240_000)

  describeWithServer('schema-registry', (server) => {
    let folder: string
    const subject = 'payments-value'

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'contracts-'))
    })
    after(() => rm(folder, { recursive: true, force: true }))

    const post = async (to: string, body: object): Promise<void> => {
      const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
      const request = { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await fetch(`${server().url}/subjects/${to}/versions`, request)
      expect(response.status, await response.text()).to.equal(200)
    }
    const register = (schema: object): Promise<void> => post(subject, { schema: JSON.stringify(schema) })
    const pullOther = (topic: keyof typeof OTHERS, ...more: string[]) => {
      const said = ['--registry', server().url, '--subject', `${topic}-value`, '--out', join(folder, 'out')]
      return runWarm(['contracts', 'pull', ...said, '--entity-id', OTHERS[topic].entityId, ...more])
    }
    const pull = (...more: string[]) => {
      const said = ['--registry', server().url, '--subject', subject, '--out', join(folder, 'out')]
      return runWarm(['contracts', 'pull', ...said, '--entity-id', 'paymentId', ...more])
    }
    const written = () => readFile(join(folder, 'out', 'paid.ts'), 'utf8')

    it('writes the class, changes nothing the second time, and says what a new schema changes', async () => {
      expect((await pull()).err)
        .to.contain('OPTION_INVALID')
        .and.contain(subject)
      await register(PAID)
      expect(await pull('--check')).to.include({ code: 1 })
      expect((await pull()).out).to.contain('paid.ts: Paid, new')
      const first = await written()
      expect(await pull()).to.include({ code: 0, err: '' })
      expect(await written()).to.equal(first)
      expect((await pull('--check')).out).to.contain('unchanged')
      await register({ ...PAID, fields: [...FIELDS, { name: 'by', type: 'string', default: '' }] })
      const check = await pull('--check')
      expect(check.code).to.equal(1)
      expect(check.out).to.contain('would be changed')
      expect((await pull('--schema-version', '1')).out).to.contain('unchanged')
      expect((await pull()).out).to.contain('changed')
      expect(await written()).to.contain('public readonly by!: string')
    })

    it('touches no file that somebody else has written', async () => {
      const file = join(folder, 'out', 'paid.ts')
      await writeFile(file, 'export const mine = 1\n')
      expect((await pull()).err).to.contain(file)
      expect(await written()).to.equal('export const mine = 1\n')
      await rm(file)
      await pull()
    })

    for (const topic of ['refunds', 'trips'] as const) {
      const { schemaType, schema, file, lines } = OTHERS[topic]
      it(`writes a class from a schema of ${schemaType} too, and the same one again`, async () => {
        await post(`${topic}-value`, { schemaType, schema })
        expect((await pullOther(topic)).out)
          .to.contain(`${file}: `)
          .and.contain('new')
        const text = await readFile(join(folder, 'out', file), 'utf8')
        for (const line of lines) expect(text).to.contain(line)
        expect(text).to.match(/The schema, for the codec's option schemas/)
        expect(complaintsAbout({ [file]: text })).to.deep.equal([])
        expect(await pullOther(topic, '--check')).to.include({ code: 0, err: '' })
      })
    }

    it('says what no class can be made of', async () => {
      await post('any-value', {
        schemaType: 'JSON',
        schema: '{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}',
      })
      const said = ['--registry', server().url, '--subject', 'any-value', '--out', join(folder, 'out')]
      const { code, err } = await runWarm(['contracts', 'pull', ...said, '--entity-id', 'id'])
      expect(code).to.equal(1)
      expect(err).to.contain('does not say the type of any field')
    })

    it('lets a handler take typed events of a producer that has never heard of Booster', async () => {
      const files = {
        'src/config.ts': config(server().url),
        'src/contracts/paid.ts': await written(),
        'src/contracts/refund-made.ts': await readFile(join(folder, 'out/refund-made.ts'), 'utf8'),
        'src/contracts/trip-ended.ts': await readFile(join(folder, 'out/trip-ended.ts'), 'utf8'),
        'src/pays.ts': HANDLER,
        'src/refunds.ts': otherHandler('RefundMade', 'refund-made.ts', 'refunds'),
        'src/trips.ts': otherHandler('TripEnded', 'trip-ended.ts', 'trips'),
      }
      await withNotes(async (app, start) => {
        const service = await start()
        await publish(join(app.folder, 'log'), avro({ registry: server().url, schemas: { Paid: PAID } }), [
          EVENT,
          { ...EVENT, paymentId: 'p2', cents: 2n ** 60n },
          { ...EVENT, paymentId: 'p3', note: 'thanks' },
        ])
        for (const [topic, codec] of [
          ['refunds', jsonSchema({ registry: server().url })],
          ['trips', protobuf({ registry: server().url })],
        ] as const) {
          const type = { refunds: 'Refund made', trips: 'TripEnded' }[topic]
          await publish(join(app.folder, topic), codec, [OTHERS[topic].event], { topic, type })
        }
        const lines = async () => (await readFile(join(app.folder, 'written'), 'utf8').catch(() => '')).split('\n')
        await eventually(
          async () => (await lines()).length > 2,
          () => service.command.out.slice(-2_000),
          60_000
        )
        const [first, second] = await lines()
        const arrived = { ...EVENT, to: { number: `${2n ** 60n}n` }, by: '' }
        expect(first.slice(0, 12)).to.equal('true,p1,Paid')
        expect(JSON.parse(first.slice(13))).to.deep.equal(arrived)
        expect(JSON.parse(second.slice(13))).to.deep.equal({ ...arrived, paymentId: 'p3', note: 'thanks' })
        for (const [topic, entity] of [
          ['refunds', 'r1'],
          ['trips', 't1'],
        ] as const) {
          const file = join(app.folder, `${topic}.written`)
          const said = async () => readFile(file, 'utf8').catch(() => '')
          await eventually(
            async () => (await said()).endsWith('\n'),
            () => service.command.out.slice(-2_000),
            60_000
          )
          expect(await said()).to.equal(`true,${entity},${Object.keys(OTHERS[topic].event).join()}\n`)
        }
        await service.command.end('SIGTERM')
        const { out } = await run(['dead-letters', 'list'], { cwd: app.folder })
        expect(out).to.contain('EVENT_MISMATCH').and.contain('2^53')
      }, files)
    })
  })
})

/** Publishes as one does who writes nothing beside the body. */
async function publish(
  path: string,
  codec: Codec,
  events: readonly object[],
  { topic, type } = { topic: 'payments', type: 'Paid' }
): Promise<void> {
  const bare: Codec = {
    name: 'bare avro',
    encode: async (event, metadata, to) => {
      const { body } = await codec.encode(event, { ...metadata, type }, to)
      return { body, attributes: {}, headers: {} }
    },
    decode: (message) => codec.decode(message),
  }
  const streamer = LocalStreamer.with({ path, codec: bare })
  try {
    await streamer.publish(events as never, topic)
  } finally {
    await streamer.close()
  }
}
