import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { RFC_EXAMPLES } from '../packages/streamers/test/rfc/examples'
import { eventually } from '../packages/streamers/test/support/eventually'

const ROOT = join(__dirname, '..')
const PACKED = ['streamer-connector', 'streamer-sqlite', 'local-streamer', 'streamers']
const BOOSTER = ['framework-core', 'framework-types', 'framework-common-helpers', 'framework-provider-local']
const BOOSTER_DEV = ['framework-provider-local-infrastructure', 'metadata-booster']
const execute = promisify(execFile)

/** The packages as npm would publish them, by name. */
async function pack(into: string): Promise<Record<string, string>> {
  const paths = PACKED.map((name) => join(ROOT, 'packages', name))
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', into, ...paths], { cwd: ROOT })
  const packed = Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string }>)
  return Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${join(into, filename)}`]))
}

/** An app as Booster's template makes it, on the versions that Booster 2.10.1 comes with. */
function manifest(packages: Record<string, string>): object {
  const pinned = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [`@boostercloud/${name}`, '2.10.1']))
  return {
    name: 'outside',
    version: '0.0.0',
    private: true,
    dependencies: { ...pinned(BOOSTER), ...packages, graphql: '^16.11.0', tslib: '^2.8.0' },
    devDependencies: { ...pinned(BOOSTER_DEV), '@types/node': '^20.19.0', 'ts-patch': '3.1.2', typescript: '5.1.6' },
  }
}

const TSCONFIG = {
  compilerOptions: {
    experimentalDecorators: true,
    module: 'commonjs',
    moduleResolution: 'node',
    target: 'es2017',
    lib: ['es2022'],
    importHelpers: true,
    strict: true,
    skipLibCheck: true,
    types: ['node'],
    outDir: 'dist',
    rootDir: 'src',
    plugins: [{ transform: '@boostercloud/metadata-booster' }],
  },
  include: ['src'],
}

describe('packages made by npm pack', function () {
  this.timeout(300_000)

  it("work in an app outside the repository, on Booster's own compiler", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-outside-'))
    try {
      const [, example] = RFC_EXAMPLES
      const sources = Object.entries(example.files).map(([path, text]) => [join('src', path), text])
      const files: Record<string, string> = {
        'package.json': JSON.stringify(manifest(await pack(folder))),
        'tsconfig.json': JSON.stringify(TSCONFIG),
        'run.cjs': await readFile(join(ROOT, 'packages/streamers/test/rfc/run-command.cjs'), 'utf8'),
        ...(Object.fromEntries(sources) as Record<string, string>),
      }
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
      await execute('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder, maxBuffer: 1e8 })
      const tspc = join(folder, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
      await execute(process.execPath, [tspc, '-p', folder], { cwd: folder }).catch((error: { stdout?: string }) => {
        throw new Error(error.stdout)
      })
      await expectToTeleport(folder, example.says)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

async function expectToTeleport(folder: string, says: (postId: string, title: string) => string): Promise<void> {
  const [postId, title] = [randomUUID(), 'Outside']
  let said = ''
  const child = spawn(process.execPath, ['run.cjs', postId, title], {
    cwd: folder,
    env: { ...process.env, BOOSTER_ENV: 'local', LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise((resolve) => child.once('exit', resolve))
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  try {
    await eventually(
      () => said.includes(says(postId, title)),
      () => said.slice(-2_000),
      60_000
    )
    expect(said.split(says(postId, title))).to.have.length(2)
  } finally {
    child.kill('SIGKILL')
    await exit
  }
}
