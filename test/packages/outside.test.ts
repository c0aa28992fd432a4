import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { PACKAGES } from '../support/packages'
import { ROOT } from '../support/source-tree'

const execute = promisify(execFile)
const BOOSTER = ['core', 'types', 'common-helpers', 'provider-local', 'provider-local-infrastructure']
const SPECIFIERS = PACKAGES.flatMap(({ entries }) => entries.map(({ specifier }) => specifier))

/** Answers how many names each entry has, those that are found by `require` alone, and how an import of a file ends. */
const LOOK = `
const counts = {}
const missing = []
const look = async () => {
  for (const specifier of ${JSON.stringify(SPECIFIERS)}) {
    const [required, imported] = [require(specifier), await import(specifier)]
    counts[specifier] = Object.keys(required).length
    for (const name of Object.keys(required)) if (!(name in imported)) missing.push(specifier + ' ' + name)
  }
  const deep = await import('@boostercloud/streamers/dist/index.js').then(() => 'found', ({ code }) => code)
  console.log(JSON.stringify({ counts, missing, deep }))
}
look()
`

interface Looked {
  readonly counts: Readonly<Record<string, number>>
  readonly missing: readonly string[]
  readonly deep: string
}

const INSTALL: Readonly<Record<string, (folder: string) => [command: string, ...args: string[]]>> = {
  npm: () => ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=warn'],
  pnpm: (folder) => [
    join(ROOT, 'node_modules/.bin/pnpm'),
    'install',
    '--ignore-workspace',
    '--config.node-linker=isolated',
    `--store-dir=${join(folder, 'store')}`,
  ],
}

describe('all packages, packed and installed in an app outside the repository', function () {
  this.timeout(600_000)
  let tarballs: string
  let packed: Record<string, string>

  before(async () => {
    tarballs = await mkdtemp(join(tmpdir(), 'streamers-tarballs-'))
    const paths = PACKAGES.map(({ folder }) => join(ROOT, folder))
    const { stdout } = await execute('npm', ['pack', '--json', '--silent', '--pack-destination', tarballs, ...paths], {
      cwd: ROOT,
      maxBuffer: 1e8,
    })
    const all = Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string }>)
    packed = Object.fromEntries(all.map(({ name, filename }) => [name, `file:${join(tarballs, filename)}`]))
  })
  after(() => rm(tarballs, { recursive: true, force: true }))

  for (const [client, install] of Object.entries(INSTALL)) {
    it(`can be required and imported where ${client} installed them`, async () => {
      const folder = await mkdtemp(join(tmpdir(), `streamers-${client}-`))
      try {
        const booster = Object.fromEntries(BOOSTER.map((name) => [`@boostercloud/framework-${name}`, '2.10.1']))
        const manifest = {
          name: 'outside',
          private: true,
          dependencies: { ...booster, ...packed, graphql: '^16.11.0', tslib: '^2.8.0' },
          // They ask each other for versions that no registry has yet.
          overrides: Object.fromEntries(Object.keys(packed).map((name) => [name, `$${name}`])),
          pnpm: { overrides: packed },
        }
        await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
        await writeFile(join(folder, 'look.cjs'), LOOK)
        const [command, ...args] = install(folder)
        const { stderr } = await execute(command, args, { cwd: folder, maxBuffer: 1e8 })
        if (client === 'npm') expectFitForNode(stderr)
        const env = { ...process.env, NODE_OPTIONS: '', BOOSTER_ENV: 'local' }
        const { stdout } = await execute(process.execPath, ['look.cjs'], { cwd: folder, env })
        const { counts, missing, deep } = JSON.parse(stdout) as Looked
        expect(Object.keys(counts)).to.deep.equal(SPECIFIERS)
        expect(missing).to.deep.equal([])
        // One entry has types only.
        expect(Object.values(counts).filter((count) => count === 0)).to.have.length(1)
        expect(deep).to.equal('ERR_PACKAGE_PATH_NOT_EXPORTED')
        if (client === 'npm') await expectStrangerToPass(folder)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  }
})

/** Of all that was installed, npm warns only of Booster's packages, whose range ends before Node 19. */
function expectFitForNode(said: string): void {
  const unfit = [...said.matchAll(/EBADENGINE\s+package: '([^']+)@[^@']+'/g)].map(([, name]) => name)
  expect(unfit, said).to.include('@boostercloud/framework-core')
  expect(unfit.filter((name) => !name.startsWith('@boostercloud/framework-'))).to.deep.equal([])
}

/**
 * A connector that was written from docs/how-to/write-your-own-connector.md alone passes the suite, but for the cases that run whole services, which are tried often
 * enough.
 */
async function expectStrangerToPass(folder: string): Promise<void> {
  const own = join(folder, 'stranger')
  await cp(join(__dirname, 'stranger'), own, { recursive: true })
  const loader = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href
  const mocha = join(ROOT, 'node_modules/mocha/bin/mocha.js')
  const args = [
    `--import=${loader}`,
    mocha,
    '--no-config',
    '--grep',
    'conformance failure',
    '--invert',
    'conformance.ts',
  ]
  const run = execute(process.execPath, args, { cwd: own, env: { ...process.env, NODE_OPTIONS: '' }, maxBuffer: 1e8 })
  const { stdout } = await run.catch((error: { stdout: string; stderr: string }) => {
    throw new Error(error.stdout + error.stderr)
  })
  expect(stdout).to.match(/\b[3-9]\d passing/)
}
