import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { ROOT } from './support/source-tree'

const execute = promisify(execFile)
const PRELOAD = join(ROOT, 'scripts/lib/tests/code-cache/preload.cjs')

describe('the code cache of tests', function () {
  this.timeout(60_000)
  let folder: string
  const file = (...path: string[]): string => join(folder, ...path)

  /** What a program prints that loads a package of `node_modules` and one of ours. */
  async function printed(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const own = {
      STREAMERS_CODE_CACHE: file('code'),
      STREAMERS_CODE_CACHE_OF: file('node_modules/'),
      STREAMERS_CODE_CACHE_OWN: file('packages/'),
      NODE_OPTIONS: '',
    }
    const { stdout } = await execute(process.execPath, ['--require', PRELOAD, file('program.js')], {
      env: { ...process.env, ...own, ...env },
    })
    return stdout.trim()
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamers-code-'))
    for (const path of ['node_modules/theirs', 'packages/ours/dist']) await mkdir(file(path), { recursive: true })
    await writeFile(file('program.js'), `console.log(require('theirs'), require('./packages/ours/dist/index.js'))`)
    await writeFile(file('node_modules/theirs/index.js'), `module.exports = () => 1\n`)
    await writeFile(file('packages/ours/dist/index.js'), `module.exports = require('./inner')\n`)
    await writeFile(file('packages/ours/dist/inner.js'), `module.exports = 'was compiled'\n`)
    expect(await printed({ STREAMERS_CODE_CACHE_RECORD: '1' })).to.equal('[Function (anonymous)] was compiled')
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('loads what it holds', async () => {
    expect(await printed()).to.equal('[Function (anonymous)] was compiled')
  })

  it('compiles a file of our own that has changed since, also where its length has not', async () => {
    await writeFile(file('packages/ours/dist/inner.js'), `module.exports = 'has changed.'\n`)
    expect(await printed()).to.equal('[Function (anonymous)] has changed.')
  })

  it('looks again for a file of our own that is gone', async () => {
    await rm(file('packages/ours/dist/inner.js'))
    await mkdir(file('packages/ours/dist/inner'))
    await writeFile(file('packages/ours/dist/inner/index.js'), `module.exports = 'has moved'\n`)
    expect(await printed()).to.equal('[Function (anonymous)] has moved')
  })
})
