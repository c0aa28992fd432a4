import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EventBridgeStreamer } from '@boostercloud/eventbridge-streamer'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import { expect } from 'chai'
import { inspectService } from '../src/inspect'
import { runWarm } from './support/command'
import { inTempFolder } from './support/temp-folder'

const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: 'es2022', module: 'commonjs', experimentalDecorators: true, types: [] },
  include: ['src'],
})
/** Enough of the packages to be known by. */
const STREAMERS = `export declare function Event(options: object): (c: unknown) => void\n`
const connector = (name: string): string => `export declare const ${name}Streamer: {
  with(options: object): { readonly capabilities: { ordering: string } }
}
`
const CONNECTORS = ['Kafka', 'Local', 'Nats', 'RabbitMQ', 'EventBridge']

async function library(folder: string, name: string, types: string): Promise<void> {
  const at = join(folder, 'node_modules', name)
  await mkdir(at, { recursive: true })
  await writeFile(join(at, 'index.d.ts'), types)
  await writeFile(join(at, 'package.json'), JSON.stringify({ name, types: 'index.d.ts' }))
}

/** A service of one event with `requires`, and these streamers. */
async function withService(
  { requires, streamers }: { requires: string; streamers: string },
  test: (folder: string) => Promise<void> | void
): Promise<void> {
  await inTempFolder(async (folder) => {
    await mkdir(join(folder, 'src'))
    await library(folder, '@boostercloud/streamers', STREAMERS)
    for (const name of CONNECTORS) {
      await library(folder, `@boostercloud/${name.toLowerCase()}-streamer`, connector(name))
    }
    await writeFile(join(folder, 'tsconfig.json'), TSCONFIG)
    await writeFile(
      join(folder, 'src/order-paid.ts'),
      `import { Event } from '@boostercloud/streamers'\n@Event({ streamTo: 'main/orders', requires: ${requires} })\nexport class OrderPaid {}\n`
    )
    await writeFile(
      join(folder, 'src/config.ts'),
      `${CONNECTORS.map((name) => `import { ${name}Streamer } from '@boostercloud/${name.toLowerCase()}-streamer'\n`).join('')}
class Own { public readonly capabilities = { ordering: 'topic', durable: false } as const }
declare const config: { streamers: object }
declare const url: 'key' | 'none'
config.streamers = ${streamers}
export { Own, url }
`
    )
    await test(folder)
  })
}

/** Options as code, and the same in effect as a value. */
const MADE = {
  'KafkaStreamer.with({ brokers: [] })': KafkaStreamer.with({ brokers: ['127.0.0.1:1'] }),
  "LocalStreamer.with({ path: 'x' })": LocalStreamer.with({ path: '/nowhere' }),
  'NatsStreamer.with({ servers: [] })': NatsStreamer.with({ servers: ['127.0.0.1:1'] }),
  "NatsStreamer.with({ servers: [], ordering: 'none', storage: 'memory' })": NatsStreamer.with({
    servers: ['127.0.0.1:1'],
    ordering: 'none',
    storage: 'memory',
  }),
  "RabbitMQStreamer.with({ url: 'x' })": RabbitMQStreamer.with({ url: 'amqp://127.0.0.1:1' }),
  "RabbitMQStreamer.with({ url: 'x', ordering: 'none' })": RabbitMQStreamer.with({
    url: 'amqp://127.0.0.1:1',
    ordering: 'none',
  }),
  "EventBridgeStreamer.with({ region: 'x' })": EventBridgeStreamer.with({ region: 'eu-west-1' }),
  "EventBridgeStreamer.with({ region: 'x', archive: {} })": EventBridgeStreamer.with({
    region: 'eu-west-1',
    archive: {},
  }),
}

describe('what events require of their streamers, before the service runs', function () {
  this.timeout(600_000)

  it('knows of each of our connectors what it says itself', async () => {
    const streamers = `{ ${Object.keys(MADE).map((code, index) => `s${index}: ${code}`)} }`
    await withService({ requires: '{}', streamers }, (folder) => {
      const capabilities = inspectService(folder).streamers.map((one) => one.capabilities)
      const own = Object.values(MADE).map(({ capabilities: { ordering, durable, replay } }) => ({
        ordering,
        durable,
        replay,
      }))
      expect(capabilities).to.deep.equal(own)
    })
  })

  it('takes what the types say of another connector, and leaves out what nobody says', () =>
    withService(
      {
        requires: '{}',
        streamers: "{ own: new Own(), late: NatsStreamer.with({ ordering: url, storage: 'file' }) }",
      },
      (folder) => {
        const capabilities = inspectService(folder).streamers.map((one) => one.capabilities)
        expect(capabilities).to.deep.equal([
          { ordering: 'topic', durable: false },
          { durable: true, replay: true },
        ])
      }
    ))

  it('names the event, the capability, and a streamer that has it, in the words of the boot, and ends with 1', () =>
    withService(
      {
        requires: "{ ordering: 'key', durable: true }",
        streamers: "{ main: EventBridgeStreamer.with({}), 'main-kafka': KafkaStreamer.with({}) }",
      },
      async (folder) => {
        const { code, out } = await runWarm(['topology', folder])
        expect(code).to.equal(1)
        expect(out).to.contain("OrderPaid requires ordering = key, which the streamer 'main' does not offer.")
        expect(out).to.contain("Stream it to 'main-kafka' instead.")
        expect(out).to.contain('src/order-paid.ts:3').and.not.contain('durable =')
        const drawn = await runWarm(['topology', folder, '--format', 'mermaid'])
        expect(drawn.code).to.equal(1)
        expect(drawn.err).to.contain("Stream it to 'main-kafka' instead.")
      }
    ))

  it('says so where no streamer has it, and nothing where it is not known', async () => {
    await withService(
      { requires: '{ replay: true }', streamers: '{ main: RabbitMQStreamer.with({}) }' },
      async (folder) => {
        const { code, out } = await runWarm(['topology', folder])
        expect(code).to.equal(1)
        expect(out).to.contain('No configured streamer offers it: add one that does, or require less.')
      }
    )
    await withService(
      { requires: "{ ordering: 'key' }", streamers: '{ main: NatsStreamer.with({ ordering: url }) }' },
      async (folder) => {
        expect(await runWarm(['topology', folder])).to.include({ code: 0 })
      }
    )
  })
})
