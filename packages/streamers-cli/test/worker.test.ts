import { expect } from 'chai'
import { Command, run } from './support/command'
import { noteAdded, untilWritten, withNotes } from './support/notes-app'

const HANDLES = /notes \(local\) handles main\/notes/
const WORKER = ['worker', '--environment', 'local']
const publish = async (cwd: string, text: string): Promise<void> => {
  const args = ['publish', 'main/notes', '--type', 'NoteAdded', '--key', 'noteId']
  const { code, err } = await run(args, { cwd, input: JSON.stringify({ noteId: 'a', text }) })
  expect(code, err).to.equal(0)
}

describe('boost-streamers worker', function () {
  this.timeout(180_000)

  it('handles what comes without serving anything, ends well, and goes on where it ended', () =>
    withNotes(async ({ folder }) => {
      for (const texts of [['first'], ['first', 'second']]) {
        const worker = new Command(WORKER, { cwd: folder })
        try {
          await worker.says(HANDLES)
          await publish(folder, texts[texts.length - 1])
          await untilWritten(folder, texts)
          expect(worker.out + worker.err).not.to.contain('graphql')
        } finally {
          expect((await worker.end('SIGTERM')).code).to.equal(0)
        }
      }
    }))

  it('loses no count of an ignored type when it is ended as soon as it has logged it', () =>
    withNotes(async ({ folder }) => {
      const args = ['publish', 'main/notes', '--type', 'Unheard', '--key', 'noteId']
      for (const count of [1, 2]) {
        expect((await run(args, { cwd: folder, input: '{"noteId":"a"}' })).code).to.equal(0)
        const worker = new Command(WORKER, { cwd: folder })
        await worker.says("Events of type 'Unheard' arrive")
        expect((await worker.end('SIGINT')).code).to.equal(0)
        const { out } = await run(['links', 'list', '--environment', 'local'], { cwd: folder })
        expect(out).to.contain(`'Unheard' (${count})`)
      }
    }))

  it('does not run beside the service on a state that is one process’s own', () =>
    withNotes(async ({ folder }, start) => {
      await start()
      const { code, err } = await run(WORKER, { cwd: folder })
      expect(code).to.equal(1)
      expect(err).to.contain('[STORAGE_BUSY]')
    }))

  it('refuses an app that handles nothing', () =>
    withNotes(
      async ({ folder }) => {
        const { code, err } = await run(WORKER, { cwd: folder })
        expect(code).to.equal(1)
        expect(err).to.contain('there is nothing to do for a worker')
      },
      { 'src/note-added.ts': noteAdded("@Event({ streamTo: 'main/notes' })"), 'src/handler.ts': '' }
    ))
})
