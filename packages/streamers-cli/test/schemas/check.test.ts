import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { runWarm } from '../support/command'
import { inTempFolder } from '../support/temp-folder'

const git = (folder: string, ...args: string[]): Promise<unknown> => {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@localhost', '-c', 'commit.gpgsign=false']
  return promisify(execFile)('git', ['-C', folder, ...who, ...args])
}

const CLASS = `export class OrderPlaced {
  public constructor(readonly orderId: string, readonly total: number, readonly note?: string) {}
  public entityID(): string {
    return this.orderId
  }
}
export abstract class NoEvent {
  public abstract entityID(): string
}
export class NoEventEither {}
`
const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: 'es2022', module: 'commonjs', experimentalDecorators: true, types: [] },
  include: ['src'],
})
const HANDLER = `import { EventHandler } from '@boostercloud/streamers'
import { OrderPlaced } from './order'
@EventHandler({ eventType: OrderPlaced, streamedFrom: 'main/orders' })
export class Bills {
  public static async handle(event: OrderPlaced): Promise<void> {
    const { total } = event
    console.log(total, event.orderId)
  }
}
`
/** Enough of the package to be known by. */
const STREAMERS = `export declare function EventHandler(options: { eventType: unknown; streamedFrom: string }): (c: unknown) => void\n`

async function repository(test: (folder: string, events: string) => Promise<void>): Promise<void> {
  await inTempFolder(async (folder) => {
    const contracts = join(folder, 'contracts')
    const billing = join(folder, 'billing')
    const library = join(folder, 'node_modules/@boostercloud/streamers')
    for (const each of [join(contracts, 'src'), join(billing, 'src'), library]) await mkdir(each, { recursive: true })
    await writeFile(join(contracts, 'tsconfig.json'), TSCONFIG)
    await writeFile(join(billing, 'tsconfig.json'), TSCONFIG)
    await writeFile(join(contracts, 'src/order.ts'), CLASS)
    await writeFile(join(billing, 'src/order.ts'), "export { OrderPlaced } from '../../contracts/src/order'\n")
    await writeFile(join(billing, 'src/bills.ts'), HANDLER)
    await writeFile(join(library, 'index.d.ts'), STREAMERS)
    await writeFile(join(library, 'package.json'), '{"name":"@boostercloud/streamers","types":"index.d.ts"}')
    await writeFile(join(folder, '.gitignore'), 'node_modules\n')
    await git(folder, 'init', '-q', '-b', 'main')
    await git(folder, 'add', '.')
    await git(folder, 'commit', '-q', '-m', 'first')
    await test(folder, join(contracts, 'src/order.ts'))
  })
}

const edit = async (file: string, from: string, to: string): Promise<void> => {
  const text = await readFile(file, 'utf8')
  if (!text.includes(from)) throw new Error(`There is no '${from}'.`)
  await writeFile(file, text.replace(from, to))
}

describe('boost-streamers contracts', function () {
  this.timeout(600_000)

  it('says against a commit what breaks whom, where, and what to do', () =>
    repository(async (folder, events) => {
      const check = (...more: string[]) =>
        runWarm(['contracts', 'check', 'contracts', '--against', 'main', ...more], { cwd: folder })
      const { code: before, err } = await check()
      expect({ before, err: err.replace(/^comparing .*\n/, '') }).to.deep.equal({ before: 0, err: '' })
      await edit(events, 'readonly total: number, readonly note?: string', 'readonly note?: string')
      const { code, out } = await check('--services', 'billing')
      expect(code).to.equal(1)
      expect(out).to.match(/✗ OrderPlaced\.total is gone {2}src\/order\.ts:1/)
      expect(out).to.match(/read by billing: Bills {2}src\/bills\.ts:4/)
      expect(out).to.contain(
        'Keep total until no handler reads it, and remove it with a migration to a higher version.'
      )
      expect(await check('--compatibility', 'backward')).to.include({ code: 0 })
      await edit(
        events,
        'readonly note?: string',
        'readonly total: number, readonly note?: string, readonly by?: string'
      )
      const fine = await check('--json')
      expect(fine.code).to.equal(0)
      expect(JSON.parse(fine.out)).to.include({ event: 'OrderPlaced', field: 'by', what: 'is new', broken: false })
    }))

  it('writes schemas, against which it checks likewise', () =>
    repository(async (folder, events) => {
      const { out } = await runWarm(['contracts', 'extract', 'contracts', '--out', 'schemas'], { cwd: folder })
      expect(out).to.contain('OrderPlaced v1').and.not.contain('NoEvent')
      const schema: unknown = JSON.parse(await readFile(join(folder, 'schemas/OrderPlaced.json'), 'utf8'))
      expect(schema).to.deep.include({ title: 'OrderPlaced', required: ['orderId', 'total'] })
      const check = () => runWarm(['contracts', 'check', 'contracts', '--against', 'schemas'], { cwd: folder })
      expect(await check()).to.include({ code: 0 })
      await edit(events, 'export class OrderPlaced', 'export class OrderMade')
      const renamed = await check()
      expect(renamed.code).to.equal(1)
      expect(renamed.out).to.contain('OrderPlaced is gone, or was renamed').and.contain('OrderMade is new')
    }))

  it('goes by what an event is called on the wire, and knows a method in the place of a field', () =>
    repository(async (folder, events) => {
      const TYPE = "  public static readonly eventType = 'com.acme.OrderPlaced'\n"
      await edit(events, '{\n', `{\n${TYPE}`)
      const { out } = await runWarm(['contracts', 'extract', 'contracts', '--out', 'schemas'], { cwd: folder })
      expect(out).to.contain('OrderPlaced (com.acme.OrderPlaced) v1')
      const schema: unknown = JSON.parse(await readFile(join(folder, 'schemas/OrderPlaced.json'), 'utf8'))
      expect(schema).to.deep.include({ 'x-event-type': 'com.acme.OrderPlaced', 'x-methods': ['entityID'] })
      const check = (...more: string[]) =>
        runWarm(['contracts', 'check', 'contracts', '--against', 'schemas', ...more], { cwd: folder })
      await edit(events, 'export class OrderPlaced', 'export class OrderMade')
      const renamed = await check()
      expect(renamed).to.include({ code: 0, err: '' })
      expect(renamed.out).to.contain('✓ OrderMade was OrderPlaced; its type on the wire is com.acme.OrderPlaced still')
      await edit(events, 'readonly total: number, ', '')
      await edit(events, '  public entityID', '  public total(): number {\n    return 0\n  }\n  public entityID')
      const { code, out: method } = await check('--compatibility', 'backward')
      expect(code).to.equal(1)
      expect(method).to.contain('✗ OrderMade.total is a method now, which refuses events that have the field')
      await edit(events, TYPE, '')
      expect((await check()).out)
        .to.contain('✗ OrderPlaced is gone, or was renamed')
        .and.contain('✓ OrderMade is new')
    }))

  it('refuses a baseline that is none', () =>
    repository(async (folder) => {
      const { code, err } = await runWarm(['contracts', 'check', 'contracts', '--against', 'nowhere'], { cwd: folder })
      expect(code).to.equal(1)
      expect(err).to.contain("There is no folder 'nowhere' here, and no such commit")
    }))
})
