import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { avro } from '@boostercloud/schema-registry-codec'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { Codec } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { run, runWarm } from '../support/command'
import { withNotes } from '../support/notes-app'

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
import { avro } from '@boostercloud/schema-registry-codec'
import { PaidSchema } from './contracts/paid'
Booster.configure('local', (config) => {
  config.appName = 'till'
  config.providerPackage = '@boostercloud/framework-provider-local'
  const codec = avro({ registry: '${registry}', readerSchema: PaidSchema })
  config.streamers = { main: LocalStreamer.with({ path: 'log', codec }) }
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

describe('boost-streamers contracts pull', function () {
  this.timeout(240_000)

  describeWithServer('schema-registry', (server) => {
    let folder: string
    const subject = 'payments-value'

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'contracts-'))
    })
    after(() => rm(folder, { recursive: true, force: true }))

    const register = async (schema: object): Promise<void> => {
      const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
      const request = { method: 'POST', headers, body: JSON.stringify({ schema: JSON.stringify(schema) }) }
      const response = await fetch(`${server().url}/subjects/${subject}/versions`, request)
      expect(response.status).to.equal(200)
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

    it('lets a handler take typed events of a producer that has never heard of Booster', async () => {
      const files = {
        'src/config.ts': config(server().url),
        'src/contracts/paid.ts': await written(),
        'src/pays.ts': HANDLER,
      }
      await withNotes(async (app, start) => {
        const service = await start()
        await publish(join(app.folder, 'log'), avro({ registry: server().url, schemas: { Paid: PAID } }), [
          EVENT,
          { ...EVENT, paymentId: 'p2', cents: 2n ** 60n },
          { ...EVENT, paymentId: 'p3', note: 'thanks' },
        ])
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
        await service.command.end('SIGTERM')
        const { out } = await run(['dead-letters', 'list'], { cwd: app.folder })
        expect(out).to.contain('EVENT_MISMATCH').and.contain('2^53')
      }, files)
    })
  })
})

/** Publishes as one does who writes nothing beside the body. */
async function publish(path: string, codec: Codec, events: readonly object[]): Promise<void> {
  const bare: Codec = {
    name: 'bare avro',
    encode: async (event, metadata, topic) => {
      const { body } = await codec.encode(event, { ...metadata, type: 'Paid' }, topic)
      return { body, attributes: {}, headers: {} }
    },
    decode: (message) => codec.decode(message),
  }
  const streamer = LocalStreamer.with({ path, codec: bare })
  try {
    await streamer.publish(events as never, 'payments')
  } finally {
    await streamer.close()
  }
}
