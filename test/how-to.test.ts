import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@boostercloud/dev-brokers'
import { PageWalk, stepsOf } from './support/page-walk'
import { ROOT } from './support/source-tree'

/** Pages that are walked one after another with the services of `init --example`. */
const PAGES = ['retries-and-dead-letters.md']
const CLI = join(ROOT, 'packages', 'streamers-cli', 'bin', 'boost-streamers.js')
const SHOP = join(ROOT, 'packages', 'streamers-cli', 'templates', 'shop')

describe('docs/how-to', function () {
  this.timeout(600_000)
  let folder: string
  let port: number

  before(async () => {
    await mkdir(join(ROOT, '.cache', 'test-apps'), { recursive: true })
    folder = await mkdtemp(join(ROOT, '.cache', 'test-apps', 'how-to-'))
    await cp(SHOP, folder, { recursive: true })
    await mkdir(join(folder, 'node_modules', '@shop'), { recursive: true })
    await symlink(join(folder, 'contract'), join(folder, 'node_modules', '@shop', 'contract'), 'junction')
    port = await freePort()
  })
  after(() => rm(folder, { recursive: true, force: true }))

  for (const page of PAGES) {
    it(`${page} is what a reader can do word by word`, async () => {
      const cli = `'${process.execPath}' '${CLI}'`
      const replace = {
        'npx boost-streamers dev': `${cli} dev --port ${port}`,
        'npx boost-streamers': cli,
        ':3000': `:${port}`,
      }
      const walk = new PageWalk({ folder, env: { NODE_OPTIONS: '' }, replace })
      try {
        await walk.take(stepsOf(await readFile(join(ROOT, 'docs', 'how-to', page), 'utf8')))
      } finally {
        await walk.stop()
      }
    })
  }
})
