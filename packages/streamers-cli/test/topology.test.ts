import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { inspectService, mermaidOf, pictureOf, topologyOfServices } from '../src/inspect'
import type { InspectedService } from '../src/inspect'
import { serviceFolders } from '../src/app/service-folders'
import { inTempFolder } from './support/temp-folder'

const run = promisify(execFile)
const ROOT = join(__dirname, '../../..')
const FIXTURE = join(__dirname, 'fixtures/inspected')
const CLI = join(ROOT, 'packages/streamers-cli/bin/boost-streamers.js')
const BLOG = ['blog', 'newsletter', 'audit'].map((name) => join(ROOT, 'examples/blog', name))

/** What a built app says of itself once it is loaded. */
const TELL = `
  const { Booster } = require(process.argv[1])
  const { linksOf, publicationsOf } = require('@boostercloud/streamers/runtime')
  console.log(JSON.stringify({ links: linksOf(Booster.config), published: publicationsOf(Booster.config) }))`

describe('the topology in the sources of a service', () => {
  let service: InspectedService
  before(function () {
    this.timeout(60_000)
    service = inspectService(FIXTURE)
  })

  it('has what is streamed to where, however the address is written', () => {
    const published = service.publishes.map(({ event, address }) => [event, address])
    expect(published).to.deep.equal([
      ['Literal', 'main/literal'],
      ['Constant', 'main/posts'],
      ['Called', 'main/users'],
      ['Several', 'main/posts'],
      ['Several', 'main/users'],
      ['Several', 'mail/out'],
      ['Template', 'main/audit'],
      ['CalledInPlace', 'main/audit'],
      ['Added', 'main/audit'],
    ])
    expect(service.publishes.slice(1, 3).map(({ type }) => type)).to.deep.equal(['Constant', 'com.acme.audit'])
    expect(service.publishes[1].requires).to.deep.equal({ ordering: 'key', durable: true })
    expect(service.publishes[0].at).to.match(/^src\/events\.ts:\d+$/)
  })

  it('has who handles what, under the names of the classes, and the versions that are known', () => {
    expect(service.handles.map(({ at, ...rest }) => ({ ...rest, at: at.split(':')[0] }))).to.deep.equal([
      {
        handler: 'Typed',
        event: 'Called',
        types: ['com.acme.audit', 'acme/called'],
        version: 3,
        address: 'main/users',
        reads: ['*'],
        at: 'src/handlers.ts',
      },
      {
        handler: 'Untyped',
        event: undefined,
        types: undefined,
        version: undefined,
        address: 'main/posts',
        reads: ['*'],
        at: 'src/handlers.ts',
      },
      {
        handler: 'Untyped',
        event: undefined,
        types: undefined,
        version: undefined,
        address: 'other/things',
        reads: ['*'],
        at: 'src/handlers.ts',
      },
    ])
    expect(service.publishes.find(({ event }) => event === 'Called')?.version).to.equal(3)
  })

  it('has the app and its streamers', () => {
    expect(service.name).to.equal('inspected')
    expect(service.streamers.map(({ id, connector }) => [id, connector])).to.deep.equal([
      ['main', 'LocalStreamer'],
      ['mail', undefined],
    ])
  })

  it('finds loose ends', () => {
    const { unhandled, unpublished, unconfigured } = topologyOfServices([service])
    expect(unhandled.map(({ event, address }) => `${event} ${address}`)).to.deep.equal([
      'Literal main/literal',
      'Several main/users',
      'Several mail/out',
      'Template main/audit',
      'CalledInPlace main/audit',
      'Added main/audit',
    ])
    expect(unpublished.map(({ event, address }) => `${event} ${address}`)).to.deep.equal(['* other/things'])
    expect(unconfigured.map(({ address }) => address)).to.deep.equal(['other/things'])
  })

  it('is refused, with the place, where an address is known only at run time', async function () {
    this.timeout(60_000)
    await inTempFolder(async (folder) => {
      const copy = join(ROOT, 'packages/streamers-cli/test/fixtures', `.${folder.split('/').pop() ?? ''}`)
      await cp(FIXTURE, copy, { recursive: true })
      try {
        const events = join(copy, 'src/events.ts')
        const text = (await readFile(events, 'utf8')).replace("streamTo: 'main/literal'", 'streamTo: atRunTime')
        await writeFile(events, text.replace("} from '.'", "} from '.'\nimport { atRunTime } from './addresses'"))
        const refuse = (): unknown => inspectService(copy)
        expect(refuse)
          .to.throw(/known only|cannot be read from the sources/)
          .that.satisfies((error: unknown) => isStreamerError(error, 'OPTION_INVALID'))
        expect(refuse).to.throw(/src\/events\.ts:\d+: atRunTime/)
      } finally {
        await rm(copy, { recursive: true, force: true })
      }
    })
  })

  it('contradicts itself where two services mean different brokers by one id', () => {
    const other = (name: string, changed: Partial<InspectedService['configured'][number]>): InspectedService => ({
      ...service,
      name,
      configured: service.configured.map((one) => (one.id === 'main' ? { ...one, ...changed } : one)),
    })
    const found = (...services: InspectedService[]): unknown =>
      topologyOfServices([service, ...services]).contradictions.map(({ id, what, sides }) => [id, what, sides[1].says])
    expect(found(other('same', {}))).to.deep.equal([])
    expect(found(other('kind', { connector: 'KafkaStreamer' }))).to.deep.equal([['main', 'connector', 'KafkaStreamer']])
    const brokers = ['amqp://user:secret@other:5672']
    expect(found(other('broker', { brokers }))).to.deep.equal([
      ['main', 'brokers', 'LocalStreamer at amqp://other:5672'],
    ])
    expect(found(other('elsewhere', { environment: 'another', connector: 'KafkaStreamer' }))).to.deep.equal([])
  })

  it('finds the services below a folder, and leaves packages out that are none', () => {
    const below = (folder: string): string[] =>
      serviceFolders(join(ROOT, folder)).map((one) => relative(join(ROOT, folder), one))
    expect(below('examples/bridge')).to.deep.equal(['courier', 'shop', 'warehouse'])
    expect(below('examples/bridge/shop')).to.deep.equal([''])
    expect(below('docs')).to.deep.equal([''])
  })

  it('is refused for a folder that has no sources', () => {
    expect(() => inspectService(join(FIXTURE, 'src'))).to.throw(/tsconfig\.json/)
  })
})

/** Every Booster service of the examples, and the environment that it is configured for. */
const SERVICES = {
  aws: 'production',
  'blog/blog': 'local',
  'blog/newsletter': 'local',
  'blog/audit': 'local',
  'bridge/shop': 'local',
  'bridge/warehouse': 'local',
  'bridge/courier': 'local',
  'contracts/waiter': 'local',
  'contracts/kitchen': 'local',
  'heterogeneous/booster': 'kafka',
}

describe('the topology of the examples', function () {
  this.timeout(120_000)

  for (const [name, BOOSTER_ENV] of Object.entries(SERVICES)) {
    it(`is what ${name} says of itself when it runs`, async () => {
      const folder = join(ROOT, 'examples', name)
      const { publishes, handles } = inspectService(folder)
      const env = { ...process.env, BOOSTER_ENV }
      const { stdout } = await run(process.execPath, ['-e', TELL, join(folder, 'dist/index.js')], { cwd: folder, env })
      const own = JSON.parse(stdout.trim().split('\n').pop() ?? '') as {
        links: { address: string; handler: string; typeName?: string }[]
        published: { address: string; typeName: string }[]
      }
      expect(publishes.map(({ event, address }) => `${event} ${address}`)).to.have.members(
        own.published.map(({ typeName, address }) => `${typeName} ${address}`)
      )
      expect(handles.map(({ handler, event = '', address }) => `${handler} ${event} ${address}`)).to.have.members(
        own.links.map(({ handler, typeName = '', address }) => `${handler} ${typeName} ${address}`)
      )
      expect(publishes.length + handles.length).to.be.greaterThan(0)
    })
  }

  it('knows of every service that declares a link', async () => {
    const words = ['-e', 'streamTo', '-e', 'streamedFrom', '--', 'examples/**/*.ts']
    const { stdout } = await run('git', ['grep', '--untracked', '-l', ...words], { cwd: ROOT })
    const folders = stdout.split('\n').flatMap((file) => /^examples\/(.*)\/src\//.exec(file)?.[1] ?? [])
    const services = [...new Set(folders)].filter((name) =>
      existsSync(join(ROOT, 'examples', name, 'src/config/config.ts'))
    )
    expect(Object.keys(SERVICES)).to.have.members(services)
  })

  it('is drawn, with one edge for what goes between a service and an address', async () => {
    const topology = topologyOfServices(BLOG.map(inspectService))
    const mermaid = mermaidOf(pictureOf(topology))
    expect(mermaid).to.include('s0 -->|"PostCreated"| a0').and.to.include('a0 -->|"everything"| s2')
    const { stdout } = await run(process.execPath, [CLI, 'topology', ...BLOG, '--format', 'svg'])
    expect(stdout).to.match(/<svg[^]*PostCreated[^]*<\/svg>/)
    expect(stdout).to.not.include('<!--')
  })

  it('ends with 1 for loose ends where that is asked for', async () => {
    const ends = async (...folders: string[]): Promise<number> =>
      run(process.execPath, [CLI, 'topology', ...folders, '--strict']).then(
        () => 0,
        ({ code }: { code: number }) => code
      )
    expect(await ends(...BLOG)).to.equal(0)
    expect(await ends(BLOG[1])).to.equal(1)
  })
})
