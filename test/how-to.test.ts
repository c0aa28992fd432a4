import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { freePort } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { PageWalk, stepsOf } from './support/page-walk'
import { ROOT } from './support/source-tree'

/**
 * Pages that are walked one after another, each in this folder of the services of `init --example`. The first one builds and runs them, and the others find
 * what it left: their events, and what was built.
 */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['retries-and-dead-letters.md', '.'],
  ['operate.md', 'shipping'],
  ['upgrading.md', 'shipping'],
  ['contracts.md', '.'],
  ['test-your-service.md', 'shipping'],
  ['event-lake.md', 'shipping'],
  ['simulate-an-upstream.md', 'shipping'],
  ['runbook.md', 'shipping'],
  ['delayed-events.md', 'shipping'],
  ['foreign-events.md', 'shipping'],
  ['store.md', 'shipping'],
])

/** Pages that are not walked here, and which test does what they say. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['deploy-aws.md', 'packages/streamers-aws/test/infrastructure/synth.test.ts'],
  ['least-privilege.md', 'packages/nats-streamer/test/client/access.test.ts'],
  ['migrations.md', 'test/contracts-example.test.ts'],
  ['rotate-credentials.md', 'packages/rabbitmq-streamer/test/client/credentials.test.ts'],
  ['scale-and-recover.md', 'packages/streamers-cli/test/store'],
  ['write-your-own-connector.md', 'examples/own-connector/test/folder-streamer.test.ts'],
])

const SHOP = join(ROOT, 'packages', 'streamers-cli', 'templates', 'shop')
const HOW_TO = join(ROOT, 'docs', 'how-to')

describe('docs/how-to', function () {
  this.timeout(600_000)
  let folder: string
  let port: number
  let healthPort: number

  before(async () => {
    await mkdir(join(ROOT, '.cache', 'test-apps'), { recursive: true })
    folder = await mkdtemp(join(ROOT, '.cache', 'test-apps', 'how-to-'))
    await cp(SHOP, folder, { recursive: true })
    await mkdir(join(folder, 'node_modules', '@shop'), { recursive: true })
    await symlink(join(folder, 'contract'), join(folder, 'node_modules', '@shop', 'contract'), 'junction')
    ;[port, healthPort] = [await freePort(), await freePort()]
  })
  after(() => rm(folder, { recursive: true, force: true }))

  for (const [page, start] of PAGES) {
    it(`${page} is what a reader can do word by word`, async () => {
      const env = { NODE_OPTIONS: '', PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH}` }
      const replace = {
        'npx boost-streamers': 'boost-streamers',
        'boost-streamers dev': `boost-streamers dev --port ${port}`,
        ':3000': `:${port}`,
        '9464': String(healthPort),
      }
      const walk = new PageWalk({ folder: join(folder, start), env, replace })
      try {
        await walk.take(stepsOf(await readFile(join(HOW_TO, page), 'utf8')))
      } finally {
        await walk.stop()
      }
    })
  }

  it('has no page that no test does', async () => {
    const pages = (await readdir(HOW_TO)).filter((name) => name.endsWith('.md'))
    expect([...PAGES.keys(), ...ELSEWHERE.keys()].sort()).to.deep.equal(pages.sort())
    for (const path of ELSEWHERE.values()) expect(await exists(join(ROOT, path)), path).to.equal(true)
  })
})

const exists = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EISDIR'
  )
