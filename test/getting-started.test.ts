import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { cacheFolder } from '../packages/dev-brokers/src/places'
import { PageWalk, stepsOf } from './support/page-walk'
import { startPackageRegistry } from './support/package-registry'
import type { PackageRegistry } from './support/package-registry'
import { ROOT } from './support/source-tree'

const PAGE = join(ROOT, 'docs', 'tutorial', 'getting-started.md')
const CLI = join(ROOT, 'packages', 'streamers-cli', 'bin', 'boost-streamers.js')
const execute = promisify(execFile)

describe('docs/tutorial/getting-started.md', function () {
  this.timeout(900_000)
  let folder: string
  let registry: PackageRegistry
  let walk: PageWalk

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamers-page-'))
    await chmod(folder, 0o755)
    registry = await startPackageRegistry()
    walk = new PageWalk({ folder, env: await surroundings(folder, registry), replace: await otherPorts() })
  })
  after(async () => {
    await walk.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('is what a reader can do word by word, in an empty folder', async () => {
    await walk.take(stepsOf(await readFile(PAGE, 'utf8')))
  })

  it('shows the files that init --example writes', async () => {
    const example = join(folder, 'example')
    await execute(process.execPath, [CLI, 'init', '--example', example])
    const written = new Map<string, unknown>()
    for (const entry of await readdir(example, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name)
      if (entry.isFile()) written.set(relative(example, file), contentOf(file, await readFile(file, 'utf8')))
    }
    written.delete('.gitignore')
    const shown = new Map<string, unknown>()
    for (const step of stepsOf(await readFile(PAGE, 'utf8'))) {
      if (step.kind === 'file' && !shown.has(step.path)) shown.set(step.path, contentOf(step.path, step.text))
    }
    expect(Object.fromEntries(shown)).to.deep.equal(Object.fromEntries(written))
  })
})

/** JSON may be laid out otherwise on a page. */
function contentOf(path: string, text: string): unknown {
  return path.endsWith('.json') ? JSON.parse(text) : text
}

/** Servers are fetched once for all, and those that the page starts are its own. */
async function surroundings(folder: string, registry: PackageRegistry): Promise<Record<string, string>> {
  const cache = await mkdtemp(join(folder, 'cache-'))
  await chmod(cache, 0o755)
  const fetched = await readdir(cacheFolder()).catch(() => [])
  for (const name of fetched) if (name !== 'kept') await symlink(join(cacheFolder(), name), join(cache, name))
  return {
    BOOSTER_STREAMERS_CACHE: cache,
    NODE_OPTIONS: '',
    npm_config_registry: registry.url,
    npm_config_prefer_offline: 'true',
  }
}

/** Ports that are free here, in the place of those that the page takes to be. */
async function otherPorts(): Promise<Record<string, string>> {
  const first = await freePort()
  return {
    'boost-streamers dev': `boost-streamers dev --port ${first}`,
    ':3000': `:${first}`,
    ':3001': ':…',
  }
}
