import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { changedSinceLocked, ensureNode, isInstalled } from '../scripts/lib/installed.mjs'

describe('the steps before the tests', () => {
  it('refuse a Node that is too old, and say which one is needed', () => {
    for (const old of ['18.20.8', '20.9.0', '20.18.3'])
      expect(() => ensureNode(old)).to.throw(`Node 20.19 or newer is needed, and this is ${old}`)
    for (const enough of ['20.19.0', '22.0.0', '24.1.0']) expect(() => ensureNode(enough)).to.not.throw()
  })

  describe('install', () => {
    let root: string

    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'installed-'))
      write('package.json', { workspaces: ['packages/*', 'example'], devDependencies: { tool: '1' } })
      write('packages/one/package.json', { dependencies: { lib: '^2' } })
      write('example/package.json', {})
      write('package-lock.json', {
        packages: {
          '': { devDependencies: { tool: '1' } },
          example: {},
          'packages/one': { dependencies: { lib: '^2' } },
          'node_modules/tool': { version: '1.0.0' },
          'node_modules/lib': { version: '2.3.4' },
          'node_modules/lib-for-another-platform': { version: '2.3.4', optional: true },
        },
      })
      write('node_modules/.package-lock.json', {
        packages: { 'node_modules/tool': { version: '1.0.0' }, 'node_modules/lib': { version: '2.3.4' } },
      })
    })

    afterEach(() => rmSync(root, { recursive: true, force: true }))

    it('is left out when everything is there', () => {
      expect(isInstalled(root)).to.equal(true)
    })

    it('is needed on a fresh clone, or after an installation that broke off', () => {
      rmSync(join(root, 'node_modules/.package-lock.json'))
      expect(isInstalled(root)).to.equal(false)
    })

    it('is needed when the lock file names another version, or one more package', () => {
      write('node_modules/.package-lock.json', {
        packages: { 'node_modules/tool': { version: '1.0.0' }, 'node_modules/lib': { version: '2.3.3' } },
      })
      expect(isInstalled(root)).to.equal(false)
      write('node_modules/.package-lock.json', { packages: { 'node_modules/tool': { version: '1.0.0' } } })
      expect(isInstalled(root)).to.equal(false)
    })

    it('is needed when a package asks for something else, or is new', () => {
      write('packages/two/package.json', {})
      expect(isInstalled(root)).to.equal(false)
      rmSync(join(root, 'packages/two'), { recursive: true })
      write('packages/one/package.json', { dependencies: { lib: '^3' } })
      expect(isInstalled(root)).to.equal(false)
    })

    it('cannot help where the lock file was made before a package changed', () => {
      expect(changedSinceLocked(root)).to.deep.equal([])
      write('packages/one/package.json', { dependencies: { lib: '^2' }, peerDependencies: { optional: '*' } })
      write('packages/two/package.json', {})
      expect(changedSinceLocked(root)).to.deep.equal(['packages/one/package.json', 'packages/two/package.json'])
    })

    function write(path: string, content: object): void {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), JSON.stringify(content))
    }
  })
})
