import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { runWarm } from '../support/command'
import type { Ended } from '../support/command'

const ROOT = join(__dirname, '../../../..')
const bin = (path: string): string => join(ROOT, 'node_modules', path)

async function node(cwd: string, ...args: string[]): Promise<Pick<Ended, 'code' | 'out'>> {
  return new Promise((done, failed) => {
    execFile(process.execPath, args, { cwd }, (error, out, err) => {
      if (error && typeof error.code !== 'number') failed(new Error(error.message, { cause: error }))
      else done({ code: Number(error?.code ?? 0), out: out + err })
    })
  })
}

/** Code blocks of a README, of a language. */
function blocksOf(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code)
}

describe('boost-streamers contracts new', function () {
  this.timeout(600_000)
  let folder: string

  beforeEach(async () => {
    await mkdir(join(ROOT, '.cache'), { recursive: true })
    folder = await mkdtemp(join(ROOT, '.cache/new-contract-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const make = (...args: string[]): Promise<Ended> => runWarm(['contracts', 'new', ...args], { cwd: folder })

  /** What the package's own scripts do, with the compilers of this repository. */
  const build = (contract: string) => node(contract, bin('ts-patch/bin/tspc.js'))
  const test = (contract: string) => node(contract, bin('typescript/bin/tsc'), '-p', 'tsconfig.test.json')

  it('pins the compiler that the plugin of the Booster around it works with', async () => {
    const pinned = async (name: string): Promise<Record<string, string>> => {
      expect(await make(name)).to.include({ code: 0 })
      const text = await readFile(join(folder, name, 'package.json'), 'utf8')
      return (JSON.parse(text) as { devDependencies: Record<string, string> }).devDependencies
    }
    expect(await pinned('older')).to.include({ typescript: '5.1.6', 'ts-patch': '3.1.2' })
    const types = join(folder, 'node_modules/@boostercloud/framework-types')
    await mkdir(types, { recursive: true })
    for (const [version, compiler] of [
      ['3.0.9', { typescript: '5.1.6', 'ts-patch': '3.1.2' }],
      ['3.1.0', { typescript: '5.7.3', 'ts-patch': '3.3.0' }],
      ['4.0.2', { typescript: '5.7.3', 'ts-patch': '3.3.0' }],
    ] as const) {
      await writeFile(join(types, 'package.json'), JSON.stringify({ version }))
      expect(await pinned(`for-${version}`)).to.include({ ...compiler, '@boostercloud/metadata-booster': version })
    }
  })

  it('makes a package that builds, and whose test passes and can fail', async () => {
    const made = await make('@acme/orders-contract')
    expect(made).to.include({ code: 0, err: '' })
    expect(made.out).to.contain('orders-contract/src/order-placed.ts').and.contain('npm install && npm test')
    const contract = join(folder, 'orders-contract')
    const { scripts, name } = JSON.parse(await readFile(join(contract, 'package.json'), 'utf8')) as {
      name: string
      scripts: Record<string, string>
    }
    expect(name).to.equal('@acme/orders-contract')
    expect(scripts).to.deep.equal({
      build: 'tspc',
      postbuild: 'boost-streamers schemas',
      prepack: 'npm run build',
      test: 'npm run build && tsc -p tsconfig.test.json',
    })
    expect(await build(contract)).to.deep.equal({ code: 0, out: '' })
    expect(await test(contract)).to.deep.equal({ code: 0, out: '' })
    const topics = join(contract, 'src/streamers.ts')
    await writeFile(topics, (await readFile(topics, 'utf8')).replace('orders: OrderPlaced', 'others: OrderPlaced'))
    const failed = await test(contract)
    expect(failed.code).to.not.equal(0)
    expect(failed.out).to.contain('test/links.ts').and.contain('\'"main/orders"\' is not assignable')
  })

  it('makes one that services compile with, as its README says, and that refuses what is not agreed on', async () => {
    const args = ['--event', 'InvoicePaid', '--address', 'main-kafka/paid-invoices', '--out', 'billing']
    expect(await make('@acme/billing', ...args)).to.include({ code: 0 })
    const contract = join(folder, 'billing')
    expect(await build(contract)).to.deep.equal({ code: 0, out: '' })
    expect(await test(contract)).to.deep.equal({ code: 0, out: '' })

    const service = join(folder, 'service')
    const installed = join(service, 'node_modules/@acme/billing')
    await mkdir(dirname(installed), { recursive: true })
    await symlink(contract, installed, 'dir')
    const [publishes, handles] = blocksOf(await readFile(join(contract, 'README.md'), 'utf8'), 'ts')
    const compile = async (...sources: string[]) => {
      for (const [index, source] of sources.entries()) await writeFile(join(service, `${index}.ts`), source)
      const options = ['--noEmit', '--strict', '--experimentalDecorators', '--skipLibCheck', '--types', 'node']
      const target = ['--target', 'es2022', '--module', 'commonjs', '--moduleResolution', 'node']
      return node(service, bin('typescript/bin/tsc'), ...options, ...target, '0.ts', '1.ts')
    }
    expect(await compile(publishes, handles)).to.deep.equal({ code: 0, out: '' })
    const wrong = await compile(publishes, handles.replace('paid-invoices', 'invoices'))
    expect(wrong.code).to.not.equal(0)
    expect(wrong.out).to.contain('Did you mean \'"main-kafka/paid-invoices"\'?')

    // What its postbuild script does: the schemas are published with it, and a service reads its events by them.
    expect(await runWarm(['schemas'], { cwd: contract })).to.include({ code: 0, err: '' })
    const packed = join(folder, 'packed')
    const { files } = JSON.parse(await readFile(join(contract, 'package.json'), 'utf8')) as { files: string[] }
    for (const file of ['package.json', ...files])
      await cp(join(contract, file), join(packed, file), { recursive: true })
    await rm(installed)
    await rename(packed, installed)
    const read = await node(service, join(__dirname, '../support/read-events.cjs'), '@acme/billing', 'InvoicePaid')
    expect(read.out.split('\n').filter((line) => line.startsWith('READ '))).to.deep.equal([
      'READ InvoicePaid',
      'READ [EVENT_MISMATCH] The event is no InvoicePaid: it has a field id that is no UUID.',
    ])
  })

  it('overwrites nothing, and refuses names that cannot be', async () => {
    await mkdir(join(folder, 'mine'))
    await writeFile(join(folder, 'mine/README.md'), 'mine')
    expect((await make('mine')).err).to.contain('The folder is not empty')
    expect(await readFile(join(folder, 'mine/README.md'), 'utf8')).to.equal('mine')
    for (const [args, said] of [
      [['Mine'], "A package cannot be called 'Mine'"],
      [['../mine'], "A package cannot be called '../mine'"],
      [['a', '--event', 'class'], "A class cannot be called 'class'"],
      [['a', '--event', "A';"], "A class cannot be called 'A';'"],
      [['a', '--address', 'main'], "The address 'main' names no topic"],
    ] as const) {
      const { code, err } = await make(...args)
      expect(code).to.equal(1)
      expect(err).to.contain(said)
    }
  })
})
