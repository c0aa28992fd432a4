import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, cp, mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { Context } from 'mocha'
import { cachedFolder } from '../src/fetch/cached-folder'
import { checkPackages } from '../src/fetch/debian'
import { cachedLibraries } from '../src/fetch/maven-cache'
import { cachedPackage } from '../src/fetch/npm-cache'
import { cachedPythonPackages } from '../src/fetch/pip-cache'

const execute = promisify(execFile)
const GENUINE = 'what was released'
const TAMPERED = 'what somebody made of it'

describe('what is fetched', () => {
  let folder: string
  let before: NodeJS.ProcessEnv

  beforeEach(async () => {
    before = { ...process.env }
    folder = await mkdtemp(join(tmpdir(), 'checksums-'))
    process.env.BOOSTER_STREAMERS_CACHE = join(folder, 'cache')
  })
  afterEach(async () => {
    process.env = before
    await rm(folder, { recursive: true, force: true })
  })

  const cached = (): Promise<string[]> => readdir(join(folder, 'cache')).catch(() => [])
  const list = async (lines: string): Promise<string> => {
    const file = join(folder, 'list')
    await writeFile(file, lines)
    return file
  }

  it('by npm is refused where its checksum is not ours, though it is the one of the registry', async function () {
    this.timeout(60_000)
    const registry = await Registry.of('left-alone', '1.0.0', folder)
    try {
      process.env.npm_config_registry = registry.url
      process.env.npm_config_cache = join(folder, 'npm')
      const complete = async (): Promise<void> => undefined
      const ours = await list(`${'0'.repeat(128)}  left-alone-1.0.0.tgz\n`)
      const refused = await refusal(cachedPackage('left-alone', '1.0.0', { list: ours, complete }))
      expect(refused.at).to.equal('left-alone-1.0.0.tgz')
      expect(refused.message).to.contain('0'.repeat(128)).and.contain(sha('sha512', registry.archive))
      expect(refused.hint).to.contain('registry')
      expect(await cached()).to.deep.equal([])
      const right = await list(`${sha('sha512', registry.archive)}  left-alone-1.0.0.tgz\n`)
      const home = await cachedPackage('left-alone', '1.0.0', { list: right, complete })
      expect(await readFile(join(home, 'index.js'), 'utf8')).to.equal(GENUINE)
    } finally {
      registry.server.close()
    }
  })

  it('by pip is refused where its checksum is not ours', async function () {
    this.timeout(60_000)
    await needs(this, 'pip', 'python3', '-m', 'pip', '--version')
    const wheel = await wheelIn(join(folder, 'wheels'), TAMPERED)
    Object.assign(process.env, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(folder, 'wheels') })
    const ours = sha('sha256', Buffer.from(GENUINE))
    const refused = await refusal(cachedPythonPackages('alone', await list(`alone==1.0 --hash=sha256:${ours}\n`)))
    expect(refused.at).to.equal('alone==1.0')
    expect(refused.message).to.contain(ours).and.contain(sha('sha256', wheel))
    expect(refused.hint).to.contain('pip')
    expect(await cached()).to.deep.equal([])
    const right = await list(`alone==1.0 --hash=sha256:${sha('sha256', wheel)}\n`)
    expect(await readFile(join(await cachedPythonPackages('alone', right), 'alone.py'), 'utf8')).to.equal(TAMPERED)
  })

  it('by Maven is refused where its checksum is not ours, whatever the local repository says', async function () {
    this.timeout(180_000)
    await needs(this, 'Maven', 'mvn', '--version')
    const library = ['org.slf4j:slf4j-api:1.7.36']
    const jar = 'slf4j-api-1.7.36.jar'
    const released = 'd3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0'
    const ours = await list(`${released}  ${jar}\n`)
    const home = await cachedLibraries('slf4j', library, ours)
    expect(await readdir(home)).to.include(jar)
    const repository = join(folder, 'repository')
    await cp(join(homedir(), '.m2', 'repository'), repository, {
      recursive: true,
      filter: (path) => !/\/(io\/apicurio|org\/apache\/kafka|software\/amazon|com\/amazonaws)$/.test(path),
    })
    await writeFile(join(repository, 'org/slf4j/slf4j-api/1.7.36', jar), TAMPERED)
    process.env.MAVEN_OPTS = `-Dmaven.repo.local=${repository}`
    await rm(home, { recursive: true })
    const refused = await refusal(cachedLibraries('slf4j', library, ours))
    expect(refused.at).to.equal(jar)
    expect(refused.message)
      .to.contain(released)
      .and.contain(sha('sha256', Buffer.from(TAMPERED)))
    expect(refused.hint).to.contain('.m2/repository')
    expect(await cached()).to.deep.equal([])
  })

  it('by Maven is refused where it brings a file along that is none of ours', async function () {
    this.timeout(180_000)
    await needs(this, 'Maven', 'mvn', '--version')
    const refused = await refusal(cachedLibraries('slf4j', ['org.slf4j:slf4j-api:1.7.36'], await list('')))
    expect(refused.message).to.contain('does not name it')
    expect(await cached()).to.deep.equal([])
  })

  it('by apt-get is refused before anything is installed', async () => {
    const archives = join(folder, 'archives')
    await mkdir(archives)
    await writeFile(join(archives, 'server_1.0_amd64.deb'), TAMPERED)
    const ours = await list(`${sha('sha256', Buffer.from(GENUINE))}  server_1.0_amd64.deb\n`)
    const refused = await refusal(checkPackages(archives, ours))
    expect(refused.at).to.equal('server_1.0_amd64.deb')
    expect(refused.hint).to.contain('BOOSTER_STREAMERS_APT=signed')
    await writeFile(join(archives, 'server_1.0_amd64.deb'), GENUINE)
    await checkPackages(archives, ours)
  })

  describe('and lies in the cache', () => {
    const fill = async (into: string): Promise<void> => {
      await mkdir(join(into, 'lib'))
      await writeFile(join(into, 'lib', 'server.jar'), GENUINE)
    }

    it('is not fetched again while it is as it was, also where a copy has another time', async () => {
      const home = await cachedFolder('server', await list('a'), fill)
      await utimes(join(home, 'lib', 'server.jar'), 1, 1)
      const again = await cachedFolder('server', await list('a'), () => Promise.reject(new Error('It is there.')))
      expect(again).to.equal(home)
    })

    it('is what it was where the tools of a network have added its authority to the certificates of Python', async () => {
      const certified = async (into: string): Promise<void> => {
        await mkdir(join(into, 'certifi'))
        await writeFile(join(into, 'certifi', 'cacert.pem'), GENUINE)
      }
      const home = await cachedFolder('moto', await list('a'), certified)
      await appendFile(join(home, 'certifi', 'cacert.pem'), 'an authority')
      expect(await cachedFolder('moto', await list('a'), certified)).to.equal(home)
      await writeFile(join(home, 'certifi', 'core.py'), TAMPERED)
      expect((await refusal(cachedFolder('moto', await list('a'), certified))).at).to.contain('core.py')
    })

    const CHANGES: readonly [string, (home: string) => Promise<void>][] = [
      ['was written to', (home) => appendFile(join(home, 'lib', 'server.jar'), TAMPERED)],
      ['was replaced by one of its size', (home) => writeFile(join(home, 'lib', 'server.jar'), 'what was re1eased')],
      ['was joined by another', (home) => writeFile(join(home, 'lib', 'another.jar'), TAMPERED)],
      ['is gone', (home) => rm(join(home, 'lib', 'server.jar'))],
      ['has lost its mark', (home) => rm(join(home, '.checked.json'))],
    ]
    for (const [what, change] of CHANGES) {
      it(`is refused and removed where a file ${what}, and fetched the next time`, async () => {
        const ours = await list('a')
        const home = await cachedFolder('server', ours, fill)
        await change(home)
        const refused = await refusal(cachedFolder('server', ours, fill))
        expect(refused.at).to.contain(home)
        expect(await cached()).to.deep.equal([])
        expect(await readFile(join(await cachedFolder('server', ours, fill), 'lib', 'server.jar'), 'utf8')).to.equal(
          GENUINE
        )
      })
    }

    it('is not taken for what another list was checked by', async () => {
      const home = await cachedFolder('server', await list('a'), fill)
      expect(await cachedFolder('server', await list('b'), fill)).not.to.equal(home)
    })
  })
})

/** A registry of npm's with one package, and the checksum that it has. */
class Registry {
  public static async of(name: string, version: string, folder: string): Promise<Registry> {
    const source = join(folder, 'source')
    await mkdir(source)
    await writeFile(join(source, 'package.json'), JSON.stringify({ name, version }))
    await writeFile(join(source, 'index.js'), GENUINE)
    await execute('npm', ['pack', '--pack-destination', folder], { cwd: source })
    const archive = await readFile(join(folder, `${name}-${version}.tgz`))
    const server = createServer((request, response) => {
      if (request.url?.endsWith('.tgz')) return void response.end(archive)
      const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`
      const dist = { tarball: `http://${request.headers.host}/${name}.tgz`, integrity }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ name, versions: { [version]: { name, version, dist } } }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Registry(server, archive)
  }

  private constructor(
    public readonly server: Server,
    public readonly archive: Buffer
  ) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`
  }
}

/** A wheel with one module, whose content is `content`. */
async function wheelIn(folder: string, content: string): Promise<Buffer> {
  await mkdir(folder)
  const script = [
    'import sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1], "w")',
    'z.writestr("alone.py", sys.argv[2])',
    'z.writestr("alone-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: alone\\nVersion: 1.0\\n")',
    'z.writestr("alone-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")',
    'z.writestr("alone-1.0.dist-info/RECORD", "")',
    'z.close()',
  ]
  const file = join(folder, 'alone-1.0-py3-none-any.whl')
  await execute('python3', ['-c', script.join('\n'), file, content])
  return readFile(file)
}

async function refusal(promise: Promise<unknown>): Promise<StreamerError> {
  try {
    await promise
  } catch (thrown) {
    if (isStreamerError(thrown, 'CHECKSUM_MISMATCH')) return thrown
    throw thrown
  }
  throw new Error('It was taken.')
}

/** Where a tool is missing, the test is skipped and says so; with `CI=true` it fails. */
async function needs(test: Context, tool: string, program: string, ...args: string[]): Promise<void> {
  try {
    await execute(program, args)
  } catch (error) {
    if (process.env.CI === 'true' || !test.test) throw error
    test.test.title += ` (skipped: there is no ${tool})`
    test.skip()
  }
}

function sha(algorithm: 'sha256' | 'sha512', content: Buffer): string {
  return createHash(algorithm).update(content).digest('hex')
}
