import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { run, runWarm } from './support/command'
import { withNotes } from './support/notes-app'

const MIGRATED = `import { UUID } from '@boostercloud/framework-types'
import { SchemaMigration, ToVersion } from '@boostercloud/streamers'
import { NoteAdded } from './note-added'

class NoteAddedV1 {
  public constructor(readonly noteId: UUID, readonly words: string) {}
}

@SchemaMigration(NoteAdded)
export class NoteAddedMigrations {
  @ToVersion(2, { fromSchema: NoteAddedV1, toSchema: NoteAdded })
  public async wordsAreText(old: NoteAddedV1): Promise<NoteAdded> {
    return new NoteAdded(old.noteId, old.words.trim())
  }
}
`

/** As producers have written them over the years: two that can be migrated, three that cannot be read any more. */
const RECORDED = [
  { type: 'NoteAdded', version: 1, id: 'a', payload: { noteId: '1', words: ' hello ' } },
  { type: 'NoteAdded', version: 2, id: 'b', payload: { noteId: '2', text: 'world' } },
  { type: 'NoteAdded', version: 2, id: 'c', payload: { noteId: '3' } },
  { type: 'NoteAdded', version: 1, id: 'd', payload: { noteId: '4', text: 'no words' } },
  { type: 'NoteAdded', version: 3, id: 'e', payload: { noteId: '5', text: 'of tomorrow' } },
  { type: 'SomethingElse', id: 'f', payload: {} },
]

describe('boost-streamers contracts check --samples', function () {
  this.timeout(600_000)

  it('migrates recorded events of a file or an address with the built code, and names those that fail', () =>
    withNotes(
      async ({ folder }) => {
        const check = (samples: string, ...more: string[]) =>
          runWarm(['contracts', 'check', folder, '--samples', samples, ...more], { cwd: join(folder, '..') })
        const file = join(folder, 'recorded.jsonl')
        await writeFile(file, RECORDED.map((line) => `${JSON.stringify(line)}\n`).join(''))
        const { code, out } = await check(file)
        expect(code, out).to.equal(1)
        expect(out).to.match(/✗ NoteAdded v2 {2}id=c {2}.*recorded\.jsonl, line 3\n.*lacks the field text/)
        expect(out).to.match(/✗ NoteAdded v1 {2}id=d {2}.*line 4/)
        expect(out).to.match(/✗ NoteAdded v3 {2}id=e {2}.*line 5\n.*this service knows 2/)
        expect(out).to.contain('3 of 5 recorded events fail; 1 event of types that are not known here')
        expect(out).to.not.match(/id=[abf]/)
        const lines = (await check(file, '--json')).out.trim().split('\n')
        expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).to.deep.equal(['c', 'd', 'e'])

        const log = join(folder, 'log')
        // Without a version it is the first.
        for (const { type, payload } of [RECORDED[0], RECORDED[3], RECORDED[0]]) {
          const wire = ['--type', type, '--key', 'noteId', '--local', log]
          const published = await run(['publish', 'main/notes', ...wire], { input: JSON.stringify(payload) })
          expect(published.code, published.err).to.equal(0)
        }
        const ofLog = await check('main/notes', '--local', log)
        expect(ofLog.code, ofLog.err).to.equal(1)
        expect(ofLog.out)
          .to.contain('1 of 3 recorded events fail')
          .and.match(/✗ NoteAdded v1 .*main\/notes \S+/)
        const tailed = await run(['tail', 'main/notes', '--local', log, '--from', 'first', '--count', '1', '--json'])
        await writeFile(file, tailed.out)
        expect(await check(file)).to.deep.include({ code: 0, out: '1 recorded event, none fails\n' })

        await writeFile(file, '{"type":"NoteAdded"}\n')
        expect((await check(file)).err)
          .to.contain('it has no payload')
          .and.contain('line 1')
        expect((await runWarm(['contracts', 'check', folder])).err).to.contain('There is nothing to check against')
        expect((await runWarm(['contracts', 'check', join(folder, 'src'), '--samples', file])).err).to.contain(
          'This folder is not built'
        )
        expect(await readFile(join(folder, 'written'), 'utf8').catch(() => 'none')).to.equal('none')
      },
      { 'src/migrations.ts': MIGRATED }
    ))
})
