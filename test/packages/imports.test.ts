import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { PACKAGES } from '../support/packages'
import { ROOT } from '../support/source-tree'

const WATCH = join(ROOT, 'test/support/watch-import.cjs')
/** What an app writes is Booster's, and Booster asks for its environment when it is loaded. */
const BOOSTERS = new Set([
  '@boostercloud/framework-provider-sql',
  '@boostercloud/streamers',
  '@boostercloud/streamers-aws',
  '@boostercloud/streamers/runtime',
])
const SPECIFIERS = PACKAGES.flatMap(({ entries }) => entries.map(({ specifier }) => specifier))

interface Seen {
  /** What is different after the import, by what it is. */
  readonly changed: Readonly<Record<string, unknown>>
  /** Names that `import()` finds without those that `require` does not have. */
  readonly byName: readonly string[]
  readonly required: readonly string[]
}

/** Imports a package in a process of its own, from CommonJS and then as a module. */
async function imported(specifier: string, env: NodeJS.ProcessEnv = {}): Promise<Seen> {
  const { BOOSTER_ENV: _, ...own } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, [WATCH, specifier], {
    cwd: ROOT,
    env: { ...own, NODE_OPTIONS: '', ...env },
  })
  return JSON.parse(stdout) as Seen
}

describe('importing', function () {
  this.timeout(120_000)

  for (const specifier of SPECIFIERS) {
    const env = BOOSTERS.has(specifier) ? { BOOSTER_ENV: 'test' } : {}

    it(`${specifier} changes nothing, and every name of it can be imported by an ES module`, async () => {
      const { changed, byName, required } = await imported(specifier, env)
      expect(changed).to.deep.equal({})
      expect(byName).to.deep.equal(required)
    })
  }

  it('a file that no package names fails', async () => {
    for (const path of ['streamers/dist/index.js', 'streamers/dist/state', 'streamer-testkit', 'kafka-streamer/src']) {
      const error = await imported(`@boostercloud/${path}`).catch((thrown: { stderr: string }) => thrown.stderr)
      expect(error, path).to.match(/ERR_PACKAGE_PATH_NOT_EXPORTED/)
    }
  })
})
