import { existsSync } from 'node:fs'
import { appendFile, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { BoosterApp } from '../../streamers/test/support/booster-app'
import { run, runWarm } from './support/command'
import { NOTES, Service, untilWritten } from './support/notes-app'
import { inTempFolder } from './support/temp-folder'

const ID = '9f0b4a4e-63f5-4b0a-9f0b-0a4e63f54b0a'
const GOOD = {
  at: 'main/notes',
  type: 'NoteAdded',
  fields: { noteId: ID, text: 'a', note: { by: 'b', at: '2026-11-29T01:02:03Z' } },
}
const WRONG = { ...GOOD, fields: { ...GOOD.fields, note: { by: 1, at: '2026-11-29T01:02:03Z' } } }

/** The notes app, whose event has a field of which only a schema knows what is in it. */
const FILES = {
  ...NOTES,
  'src/note.ts': 'export interface NoteOf { readonly by: string; readonly at: Date }\n',
  'src/note-added.ts': `import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'
import type { NoteOf } from './note'
@Event({ streamTo: 'main/notes' })
export class NoteAdded {
  public constructor(readonly noteId: UUID, readonly text: string, readonly note?: NoteOf) {}
  public entityID(): UUID {
    return this.noteId
  }
}
`,
}

interface Said {
  readonly checks?: readonly {
    readonly handler: string
    readonly checkedBy: string
    readonly changedSources: string[]
  }[]
  readonly error?: string
  readonly loaded: readonly string[]
}

describe('boost-streamers schemas', function () {
  this.timeout(300_000)
  let app: BoosterApp
  /** What was said before there were schemas, and when they were written. */
  let [bare, written]: [Said[], string] = [[], '']

  before(async () => {
    app = await BoosterApp.build(FILES)
    bare = (await given(WRONG)).said
    written = await write()
  })
  after(() => app.remove())

  it('is written by two processes at once, as by two services of one contract', async () => {
    const both = await Promise.all([run(['schemas'], { cwd: app.folder }), run(['schemas'], { cwd: app.folder })])
    expect(
      both.map(({ code }) => code),
      JSON.stringify(both)
    ).to.deep.equal([0, 0])
    const files = await readdir(join(app.folder, 'dist'))
    expect(files.filter((file) => file.endsWith('.tmp'))).to.deep.equal([])
    expect(files.filter((file) => file.endsWith('.schema.cjs'))).to.have.length(1)
  })

  /** What is said of events that are given to the app, and what is logged meanwhile. */
  const given = async (...events: readonly object[]): Promise<{ said: Said[]; log: string }> => {
    const file = join(app.folder, 'events.json')
    await writeFile(file, JSON.stringify(events))
    const [said, log]: [Said[], string[]] = [[], []]
    const script = join(__dirname, 'support', 'first-events.cjs')
    const child = await app.run(script, [file], (line) =>
      line.startsWith('SAID ') ? said.push(JSON.parse(line.slice(5)) as Said) : log.push(line)
    )
    await new Promise((resolve) => child.once('close', resolve))
    expect(said, log.join('\n')).to.have.length(events.length + 1)
    return { said, log: log.join('\n') }
  }
  const write = async (): Promise<string> => {
    const { code, out, err } = await runWarm(['schemas'], { cwd: app.folder })
    expect(code, err).to.equal(0)
    return out
  }

  it('is what decides once it has been run, and only then; nothing is loaded before the first event', async () => {
    expect(bare[0].checks).to.containSubset([{ handler: 'WritesNotes', checkedBy: 'metadata' }])
    expect(bare[1]).to.deep.equal({ loaded: [] })
    expect(written).to.match(/✓ NoteAdded v1 {2}dist\/note-added\.NoteAdded\.schema\.cjs/)
    const { said, log } = await given(GOOD, WRONG)
    expect(said[0]).to.containSubset({ checks: [{ handler: 'WritesNotes', checkedBy: 'schema', changedSources: [] }] })
    expect(said[0].loaded).to.deep.equal([])
    expect(said[1], log).to.deep.equal({ loaded: ['note-added.NoteAdded.schema.cjs'] })
    expect(said[2].error).to.contain('The event is no NoteAdded: it has a field note.by that is no string.')
    expect(log).to.not.contain('older than')
  })

  it('writes the schema that contracts extract writes, and a validator that needs no module', async () => {
    const folder = join(app.folder, 'dist')
    const document = JSON.parse(await readFile(join(folder, 'note-added.NoteAdded.schema.json'), 'utf8')) as object
    const { 'x-hash': hash, 'x-sources': sources, ...schema } = document as Record<string, unknown>
    expect(hash).to.match(/^[0-9a-f]{64}$/)
    expect(Object.keys(sources as object)).to.include.members(['../src/note-added.ts', '../src/note.ts'])
    expect(Object.keys(sources as object).join()).to.not.contain('handler')
    await runWarm(['contracts', 'extract', '--out', 'extracted'], { cwd: app.folder })
    const extracted: unknown = JSON.parse(await readFile(join(app.folder, 'extracted', 'NoteAdded.json'), 'utf8'))
    expect(schema).to.deep.equal(extracted)
    const module = await readFile(join(folder, 'note-added.NoteAdded.schema.cjs'), 'utf8')
    expect(module).to.not.match(/\brequire\(|\bimport\b/)
  })

  it('removes what it wrote for classes that are gone, and nothing else', async () => {
    const folder = join(app.folder, 'dist')
    const text = await readFile(join(folder, 'note-added.NoteAdded.schema.cjs'), 'utf8')
    await writeFile(join(folder, 'gone.Gone.schema.cjs'), text)
    await writeFile(join(folder, 'gone.Gone.schema.json'), '{}')
    await writeFile(join(folder, 'mine.schema.cjs'), '// mine')
    await write()
    const files = await readdir(folder)
    expect(files).to.include('mine.schema.cjs').and.include('note-added.NoteAdded.schema.json')
    expect(files.join()).to.not.contain('gone.Gone')
  })

  it('is outdated where a file that a type comes from has changed, which is told', async () => {
    const source = join(app.folder, 'src', 'note.ts')
    const text = await readFile(source, 'utf8')
    try {
      await appendFile(source, '// changed\n')
      const { said, log } = await given(GOOD)
      expect(said[0].checks?.[0].changedSources.join()).to.match(/src.note\.ts$/)
      expect(log).to.match(/The schema of NoteAdded is older than .*src.note\.ts\. Run boost-streamers schemas\./)
      const { code, err } = await run(['start', '--no-build', '--port', '0'], { cwd: app.folder })
      expect(code).to.equal(1)
      expect(err).to.match(/SCHEMA_OUTDATED\].*NoteAdded, which WritesNotes takes, is older than src.note\.ts/)
      expect(err).to.contain('boost-streamers schemas')
      const listed = await run(['links', 'list'], { cwd: app.folder })
      expect(listed.out).to.contain('checked-by=schema (outdated)')
      await appendFile(join(app.folder, 'src', 'handler.ts'), '// changed\n')
    } finally {
      await writeFile(source, text)
    }
    expect((await given(GOOD)).log).to.not.contain('older than')
  })

  it('takes a schema of another version, and one that cannot be loaded, for none, and says so', async () => {
    const file = join(app.folder, 'dist', 'note-added.NoteAdded.schema.cjs')
    const text = await readFile(file, 'utf8')
    for (const [broken, words] of [
      [text.replace('"format": 1', '"format": 99'), 'was written by another version'],
      [text.slice(0, -20), 'cannot be loaded'],
    ]) {
      await writeFile(file, broken)
      const { said, log } = await given(WRONG)
      expect(said[1].error, log).to.equal(undefined)
      expect(log).to.contain(words)
    }
    await writeFile(file, text)
  })

  it('refuses a folder that is not built', async () => {
    const bare = await BoosterApp.build(FILES)
    try {
      await rm(join(bare.folder, 'dist'), { recursive: true })
      const { code, err } = await runWarm(['schemas'], { cwd: bare.folder })
      expect(code).to.equal(1)
      expect(err).to.contain('is not built')
    } finally {
      await bare.remove()
    }
  })

  it('is said of each handler by start and by links list, and loaded by a service at the first event of its class', async () => {
    await rm(join(app.folder, 'written'), { force: true })
    const [file, mark] = [
      join(app.folder, 'dist', 'note-added.NoteAdded.schema.cjs'),
      join(app.folder, 'schema-loaded'),
    ]
    await appendFile(file, `\nrequire('node:fs').writeFileSync(${JSON.stringify(mark)}, '')\n`)
    const service = await Service.start(app.folder)
    try {
      await service.command.says(/main\/notes → WritesNotes: NoteAdded, checked by its schema/, 60_000)
      expect(existsSync(mark), 'loaded by the start').to.equal(false)
      await service.add(ID, 'first')
      await untilWritten(app.folder, ['first'])
      expect(existsSync(mark), 'loaded by the first event').to.equal(true)
      const { out } = await run(['links', 'list', '--json'], { cwd: app.folder })
      expect(JSON.parse(out)).to.include({ handler: 'WritesNotes', checkedBy: 'schema', isOutdated: false })
    } finally {
      await service.command.end()
    }
  })

  it('is added once to the scripts of a package.json, after what runs there', () =>
    inTempFolder(async (folder) => {
      const file = join(folder, 'package.json')
      const add = async (manifest: string): Promise<string> => {
        await writeFile(file, manifest)
        for (const said of ['writes schemas from now on', 'writes schemas already']) {
          expect((await runWarm(['schemas', '--add-script'], { cwd: folder })).out).to.contain(said)
        }
        return readFile(file, 'utf8')
      }
      expect(JSON.parse(await add('{}'))).to.deep.equal({ scripts: { postbuild: 'boost-streamers schemas' } })
      const kept = await add('{\n\t"name": "a",\n\t"scripts": {\n\t\t"postbuild": "cp a b"\n\t}\n}\n')
      expect(kept).to.equal(
        '{\n\t"name": "a",\n\t"scripts": {\n\t\t"postbuild": "cp a b && boost-streamers schemas"\n\t}\n}\n'
      )
      await writeFile(file, 'no json')
      expect((await runWarm(['schemas', '--add-script'], { cwd: folder })).err).to.contain('is not valid JSON')
    }))
})
