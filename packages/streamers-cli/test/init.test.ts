import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { runWarm } from './support/command'
import type { Ended } from './support/command'
import { NOTES, Service, noteAdded } from './support/notes-app'

const ROOT = join(__dirname, '..', '..', '..')
const TSPC = join(ROOT, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
const INDEX = NOTES['src/index.ts']
const APP = NOTES['src/app.ts']
const MANIFEST = '{\n    "name": "notes",\n    "dependencies": { "@boostercloud/framework-core": "2.10.1" }\n}\n'
const CONFIG = `import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types';

Booster.configure('local', (config: BoosterConfig): void => {
    config.appName = 'notes';
    config.providerPackage = '@boostercloud/framework-provider-local';
});
`
const OTHER_EVENT = noteAdded('@Event').replaceAll('NoteAdded', 'NoteRemoved')

/** An event as Booster's own template has it. */
const plainEvent = (decorator = '@Event'): string =>
  noteAdded(decorator).replace("'@boostercloud/streamers'", "'@boostercloud/framework-core'")

/** An app that does not stream anything yet. */
const PLAIN: Readonly<Record<string, string>> = {
  'package.json': MANIFEST,
  'src/index.ts': INDEX,
  'src/config/config.ts': CONFIG,
  'src/note-added.ts': plainEvent(),
  'src/app.ts': APP,
}

describe('boost-streamers init', function () {
  this.timeout(180_000)
  let folder: string

  beforeEach(async () => {
    // Below the repository, where the packages are found.
    await mkdir(join(ROOT, '.cache', 'test-apps'), { recursive: true })
    folder = await mkdtemp(join(ROOT, '.cache', 'test-apps', 'init-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const init = (...args: string[]): Promise<Ended> => runWarm(['init', ...args], { cwd: folder })
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8')
  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
  }
  const allOf = (files: Readonly<Record<string, string>>): Promise<string[]> =>
    Promise.all(Object.keys(files).map(read))

  it('adds to an app what it takes that an event leaves it and arrives, and finds nothing to do the second time', async () => {
    const tsconfig = JSON.parse(
      await readFile(join(ROOT, 'packages/streamers-cli/templates/shop/tsconfig.base.json'), 'utf8')
    ) as {
      compilerOptions: object
    }
    const compilerOptions = { ...tsconfig.compilerOptions, composite: false, rootDir: 'src', outDir: 'dist' }
    await write({ ...PLAIN, 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }) })

    const first = await init('--address', 'main/notes', '--yes')
    expect(first.code, first.err).to.equal(0)
    expect(first.out).to.contain('NoteAdded is published to main/notes').and.contain('npm install')

    await promisify(execFile)(process.execPath, [TSPC, '-p', folder]).catch((error: { stdout: string }) => {
      throw new Error(error.stdout)
    })
    const service = await Service.start(folder)
    try {
      await service.add('a', 'first')
      await service.command.says(/NoteAdded \S+ has arrived: \{"noteId":"a","text":"first"\}/)
    } finally {
      await service.command.end('SIGTERM')
    }

    const again = await init('--address', 'main/notes', '--yes')
    expect(again).to.include({ code: 0, out: 'There is nothing to do.\n' })
  })

  it('keeps the style of the files that it changes', async () => {
    await write({ ...PLAIN, 'src/note-added.ts': plainEvent().replace('{ Event }', '{ Event, Booster }') })
    await init('--address', 'main/notes', '--broker', 'kafka', '--yes')
    expect(await read('package.json')).to.match(/^\{\n {4}"name"/)
    const config = await read('src/config/config.ts')
    expect(config).to.contain("import { KafkaStreamer } from '@boostercloud/kafka-streamer';")
    expect(config).to.match(/\n {4}config\.streamers = \{ main: KafkaStreamer\.with\(.*\) \};\n\}\);/)
    const event = await read('src/note-added.ts')
    expect(event).to.contain("import { Booster } from '@boostercloud/framework-core'")
    expect(event).to.contain("import { Event } from '@boostercloud/streamers'")
    expect(event).to.contain("@Event({ streamTo: 'main/notes' })\nexport class")
  })

  it('takes a decorator that is called, and a config without a statement', async () => {
    const config = CONFIG.replace(/\{\n {4}config[\s\S]*\n\}/, '{}')
    await write({ ...PLAIN, 'src/note-added.ts': plainEvent('@Event()'), 'src/config/config.ts': config })
    const { code, err } = await init('--yes')
    expect(code, err).to.equal(0)
    expect(await read('src/note-added.ts')).to.contain("@Event({ streamTo: 'main/events' })\nexport class")
    expect(await read('src/config/config.ts')).to.match(/void => \{\n {2}config\.streamers = .*\n\}\);/)
  })

  it('leaves what somebody has written, and says what only they can add', async () => {
    await write({ ...PLAIN, 'src/streamers.ts': 'export {}\n' })
    const { out } = await init('--address', 'main/notes', '--yes')
    expect(out).to.contain('src/streamers.ts exists already: declare in it that main/notes carries NoteAdded.')
    expect(await read('src/streamers.ts')).to.equal('export {}\n')
  })

  it('says in which other environments the streamer is missing', async () => {
    const production = CONFIG.replace("'local', ", "'production', ").replace(/^import.*\n/gm, '')
    const test = production
      .replace("'production'", "'test'")
      .replace('});', "    config['streamers'] = { other: made() };\n});")
    const comment = CONFIG.replace('config.appName', '// config.streamers = {}\n    config.appName')
    await write({ ...PLAIN, 'src/config/config.ts': comment + production + test })
    const { out, code, err } = await init('--address', 'main/notes', '--yes')
    expect(code, err).to.equal(0)
    expect(out).to.contain("The environment 'production' in src/config/config.ts has no streamers")
    expect(out).to.contain('boost-streamers init --env production --broker NAME')
    expect(out).to.contain("The environment 'test' in src/config/config.ts has streamers, but not 'main'")
    expect(out).not.to.contain("The environment 'local'")
    expect((await read('src/config/config.ts')).match(/config\.streamers = \{ main: /g)).to.have.length(1)
  })

  it('keeps the line ends of Windows', async () => {
    const windows = Object.entries(PLAIN).map(([file, text]) => [file, text.replaceAll('\n', '\r\n')])
    await write(Object.fromEntries(windows) as Record<string, string>)
    const { code, err } = await init('--address', 'main/notes', '--yes')
    expect(code, err).to.equal(0)
    for (const file of [...Object.keys(PLAIN), 'src/streamers.ts', 'src/event-handlers/handle-note-added.ts'])
      expect((await read(file)).replaceAll('\r\n', ''), file).not.to.match(/[\r\n]/)
    expect(await read('src/note-added.ts')).to.match(
      /^import \{ UUID \}.*\r\nimport \{ Event \} from '@boostercloud\/streamers'\r\n/
    )
  })

  for (const [how, event, imported] of [
    ['export default class', plainEvent().replace('export class', 'export default class'), 'NoteAdded'],
    ['export default', `${plainEvent().replace('export class', 'class')}export default NoteAdded\n`, 'NoteAdded'],
    ['export { }', `${plainEvent().replace('export class', 'class')}export { NoteAdded }\n`, '{ NoteAdded }'],
    [
      'export { as }',
      `${plainEvent().replace('export class', 'class')}export { NoteAdded as N }\n`,
      '{ N as NoteAdded }',
    ],
  ] as const) {
    it(`imports the class as it is exported: ${how}`, async () => {
      await write({ ...PLAIN, 'src/note-added.ts': event })
      const { code, err } = await init('--address', 'main/notes', '--yes')
      expect(code, err).to.equal(0)
      expect(await read('src/streamers.ts')).to.contain(`import type ${imported} from './note-added'`)
      expect(await read('src/event-handlers/handle-note-added.ts')).to.contain(
        `import ${imported} from '../note-added'`
      )
    })
  }

  const refusals: ReadonlyArray<
    readonly [why: string, files: Readonly<Record<string, string>>, args: readonly string[], says: string]
  > = [
    ['nobody is there to say yes', PLAIN, [], '--yes'],
    ['the app has several events', { ...PLAIN, 'src/b.ts': OTHER_EVENT }, ['--yes'], 'NoteRemoved, NoteAdded'],
    ['there is no such event', PLAIN, ['--event', 'NoteAded', '--yes'], 'It has NoteAdded.'],
    ['the app has no event', { ...PLAIN, 'src/note-added.ts': '' }, ['--yes'], 'Write an event first.'],
    ['there is no such environment', PLAIN, ['-e', 'production', '--yes'], 'Name another with --env: local.'],
    ['the address has no topic', PLAIN, ['--address', 'main', '--yes'], 'main'],
    ['package.json is no JSON', { ...PLAIN, 'package.json': '{' }, ['--yes'], 'The package.json is not valid JSON.'],
    ['there is no app', { 'notes.txt': '' }, ['--yes'], 'There is no app in this folder'],
    ['the broker is unknown', PLAIN, ['--broker', 'kafak', '--yes'], 'Allowed choices are'],
  ]
  for (const [why, files, args, says] of refusals) {
    it(`changes nothing where ${why}`, async () => {
      await write(files)
      const { code, err } = await init(...args)
      expect(code).to.equal(1)
      expect(err).to.contain(says)
      expect(await allOf(files)).to.deep.equal(Object.values(files))
    })
  }

  it('--dry-run says what would change, and changes nothing', async () => {
    await write(PLAIN)
    const { code, out } = await init('--dry-run')
    expect(code).to.equal(0)
    for (const file of ['package.json', 'src/config/config.ts', 'src/note-added.ts', 'src/streamers.ts']) {
      expect(out).to.contain(file)
    }
    expect(await allOf(PLAIN)).to.deep.equal(Object.values(PLAIN))
  })

  it('--example writes an example once, and refuses a folder with other files of the same names', async () => {
    expect(await init('--example', 'shop')).to.include({ code: 0 })
    expect(await init('--example', 'shop')).to.include({ code: 0, out: 'There is nothing to do.\n' })
    await writeFile(join(folder, 'shop', 'package.json'), '{}')
    const { code, err } = await init('--example', 'shop')
    expect(code).to.equal(1)
    expect(err).to.contain('shop/package.json')
  })
})
