import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { cachedFolder } from '@boostercloud/dev-brokers'
import { ROOT } from './support/source-tree'
import { orSkip } from './support/or-skip'

const MANIFEST = join(__dirname, 'newer-booster')
const NEWER = ['framework-provider-local', 'framework-types'].map((name) => `@boostercloud/${name}`)
/** Apps on Booster's local provider and on ours, and what holds the room for Booster's versions. */
const SUITES = [
  'packages/streamers/test/booster/generations.test.ts',
  'packages/streamers/test/observe/booster.test.ts',
]
const CHECK_ONLY = { composite: false, declaration: false, sourceMap: false, inlineSources: false, noEmit: true }

const run = async (file: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }) =>
  promisify(execFile)(file, args, { ...options, maxBuffer: 1e8 }).catch(
    (error: { stdout?: string; message: string }) => {
      throw new Error(`${error.message.slice(-1_000)}\n${(error.stdout ?? '').slice(-4_000)}`)
    }
  )

/** The folder with what `package-lock.json` says, checked by its checksums. */
async function installed(): Promise<string> {
  const list = join(MANIFEST, 'package-lock.json')
  return cachedFolder('newer-booster', list, async (folder) => {
    for (const name of ['package.json', 'package-lock.json']) await cp(join(MANIFEST, name), join(folder, name))
    const options = [
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--silent',
      '--engine-strict=false',
    ]
    await run('npm', ['ci', ...options], { cwd: folder })
  })
}

describe('on the types and the local provider of Booster 4', function () {
  this.timeout(400_000)
  let booster: string
  let scratch: string

  before(async function () {
    await orSkip(this, async () => (booster = await installed()))
    scratch = await mkdtemp(join(tmpdir(), 'newer-booster-'))
  })
  after(() => scratch && rm(scratch, { recursive: true, force: true }))

  it('all packages compile', async () => {
    const paths = Object.fromEntries(
      NEWER.flatMap((name) => ['', '/*'].map((more) => [name + more, [join(booster, 'node_modules', name) + more]]))
    )
    const config = {
      extends: join(ROOT, 'tsconfig.base.json'),
      compilerOptions: { ...CHECK_ONLY, typeRoots: [join(ROOT, 'node_modules/@types')], paths },
      include: [join(ROOT, 'packages/*/src/**/*.ts')],
    }
    const project = join(scratch, 'tsconfig.json')
    await writeFile(project, JSON.stringify(config))
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, '-p', project, '--listFiles'], { cwd: ROOT })
    const types = stdout.split('\n').filter((file) => file.includes('/@boostercloud/framework-types/'))
    expect(types.length).to.be.greaterThan(100)
    expect(types.filter((file) => !file.startsWith(booster))).to.deep.equal([])
  })

  /** The environment in which a program gets them; what it got is looked up by `loaded`. */
  const onNewer = (): NodeJS.ProcessEnv => ({
    ...process.env,
    NEWER_BOOSTER: booster,
    NEWER_BOOSTER_SEEN: join(scratch, 'seen'),
    NODE_OPTIONS: `--require ${JSON.stringify(join(MANIFEST, 'resolve.cjs'))}`,
  })
  const loaded = async (): Promise<string[]> => {
    const seen = (await readFile(join(scratch, 'seen'), 'utf8')).trim().split('\n')
    await rm(join(scratch, 'seen'))
    return [...new Set(seen)].sort()
  }

  it('apps pass the tests of health, traces, errors and deleted events', async () => {
    const mocha = [
      join(ROOT, 'node_modules/mocha/bin/mocha.js'),
      '--exit',
      '--require',
      'tsx/cjs',
      '--reporter',
      'json',
    ]
    const { stdout } = await run(process.execPath, [...mocha, ...SUITES], { cwd: ROOT, env: onNewer() })
    const { stats } = JSON.parse(stdout.slice(stdout.indexOf('{\n'))) as { stats: Record<string, number> }
    expect(stats).to.include({ passes: 7, pending: 0, failures: 0 })
    expect(await loaded()).to.deep.equal(NEWER)
  })

  it('the services of examples/blog see every post exactly once', async () => {
    const { stdout } = await run(process.execPath, ['scripts/run.mjs', 'start', '--once'], {
      cwd: ROOT,
      env: onNewer(),
    })
    expect(stdout).to.match(/blog → main\/posts → newsletter +20 +20 +0 +0 /)
    expect(await loaded()).to.deep.equal(NEWER)
  })
})
