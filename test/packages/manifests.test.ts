import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { PACKAGES } from '../support/packages'
import type { Package } from '../support/packages'
import { ROOT } from '../support/source-tree'

const HOME = 'https://github.com/boostercloud/booster-streamers'
const OURS = new Set(PACKAGES.map(({ manifest }) => manifest.name))
/** A declaration or a module; what the packages need besides has its place below. */
const BUILT = /^dist\/.+\.(js|d\.ts)$/
const BESIDES: Readonly<Record<string, RegExp>> = {
  'packages/dev-brokers': /^checksums\/.+$/,
  'packages/streamers-cli':
    /^bin\/boost-streamers\.js$|^dist\/.+\.json$|^templates\/shop\/(?!.*\b(?:dist|node_modules)\/)(?:.+\/)?[\w.-]+\.(?:json|ts|mjs)$/,
}

describe('the manifest of', () => {
  const license = readFileSync(join(ROOT, 'LICENSE'), 'utf8')

  for (const { folder, manifest, entries } of PACKAGES) {
    it(`${manifest.name} says what npm, an editor and a bundler ask`, () => {
      expect(manifest).to.deep.include({
        homepage: `${HOME}/tree/main/${folder}#readme`,
        bugs: `${HOME}/issues`,
        repository: { type: 'git', url: `git+${HOME}.git`, directory: folder },
        license: 'Apache-2.0',
        type: 'commonjs',
        sideEffects: false,
        engines: { node: '>=20.19.0' },
        publishConfig: { access: 'public', provenance: true },
      })
      expect(manifest.description).to.match(/^.{20,140}$/)
      expect(manifest.keywords).to.include.members(['booster', 'events']).and.to.have.length.above(5)
      expect(readFileSync(join(ROOT, folder, 'LICENSE'), 'utf8')).to.equal(license)
    })

    it(`${manifest.name} names each subpath for every resolution that TypeScript has`, () => {
      const subpaths = entries.filter(({ specifier }) => specifier !== manifest.name)
      const older = Object.fromEntries(
        subpaths.map(({ specifier, types }) => [specifier.slice(manifest.name.length + 1), [types]])
      )
      expect(manifest.typesVersions?.['*'] ?? {}).to.deep.equal(older)
      const root = entries.find(({ specifier }) => specifier === manifest.name)
      expect([manifest.main, manifest.types]).to.deep.equal([root?.code, root?.types])
      expect(manifest.exports['./package.json']).to.equal('./package.json')
      for (const { code, types } of entries) {
        for (const file of [code, types]) expect(existsSync(join(ROOT, folder, file)), file).to.equal(true)
      }
    })

    it(`${manifest.name} takes packages of this repository within one minor version`, () => {
      for (const kind of ['dependencies', 'peerDependencies', 'devDependencies'] as const) {
        for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
          if (OURS.has(name)) expect(range, `${kind} ${name}`).to.equal(`^${manifest.version}`)
        }
      }
      // Two copies of streamers would be two lists of what an app declares.
      expect(Object.keys(manifest.dependencies ?? {})).not.to.include('@boostercloud/streamers')
    })
  }
})

describe('what npm publishes of', function () {
  this.timeout(120_000)

  let packed: ReadonlyMap<string, readonly string[]>

  before(async () => {
    packed = await filesPacked(PACKAGES)
  })

  for (const { folder, manifest, entries } of PACKAGES) {
    it(`${manifest.name} is what was built, its license and its README, and nothing else`, () => {
      const files = packed.get(manifest.name) ?? []
      expect(files).to.include.members(['LICENSE', 'README.md', 'package.json'])
      expect(files).to.include.members(entries.flatMap(({ code, types }) => [code.slice(2), types.slice(2)]))
      const others = files.filter(
        (file) => !BUILT.test(file) && !(BESIDES[folder]?.test(file) ?? false) && !ALWAYS.has(file)
      )
      expect(others).to.deep.equal([])
    })
  }
})

const ALWAYS = new Set(['LICENSE', 'README.md', 'package.json'])

/** By the name of each package the files in its tarball, none of which is written. */
async function filesPacked(packages: readonly Package[]): Promise<Map<string, string[]>> {
  const folders = packages.map(({ folder }) => join(ROOT, folder))
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--silent', ...folders], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  })
  const packed = Object.values(
    JSON.parse(stdout) as Record<string, { name: string; files: ReadonlyArray<{ path: string }> }>
  )
  return new Map(packed.map(({ name, files }) => [name, files.map(({ path }) => path)]))
}
