import { readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from './support/command'
import { eventually } from '../../streamers/test/support/eventually'
import { readerOf } from '../../streamers/test/support/reader-of'
import { breakHandler, untilWritten, withNotes, written } from './support/notes-app'

interface Letter {
  readonly direction: 'in' | 'out'
  readonly place: string
  readonly handler?: string
  readonly attempts?: number
  readonly key: string
  readonly cause: { readonly name?: string; readonly message: string }
}

interface LinkLine {
  readonly handler: string
  readonly paused: boolean
  readonly parked: number
  readonly deadLetters: number
  readonly position?: string
  readonly gone: boolean
}

/** Runs a command in the app's folder; fails with its words where it fails. */
async function succeed(folder: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await run(args, { cwd: folder })
  expect(code, err).to.equal(0)
  return out
}

async function fail(folder: string, ...args: string[]): Promise<string> {
  const { code, err } = await run(args, { cwd: folder })
  expect(code, err).to.equal(1)
  return err
}

async function listed<T>(folder: string, ...args: string[]): Promise<T[]> {
  const out = await succeed(folder, ...args, 'list', '--json')
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

const letters = (folder: string): Promise<Letter[]> => listed<Letter>(folder, 'dead-letters')
const theLink = async (folder: string): Promise<LinkLine> => (await listed<LinkLine>(folder, 'links'))[0]

/** Waits until so many wait and are dead at the link. */
async function untilLink(folder: string, parked: number, deadLetters: number): Promise<void> {
  let last: LinkLine | undefined
  await eventually(
    async () => {
      last = await theLink(folder)
      return last.parked === parked && last.deadLetters === deadLetters
    },
    () => last,
    60_000
  )
}

describe('operating a service that runs', function () {
  this.timeout(180_000)

  it('lists, shows and redrives a dead letter, and its effect appears in the order of its key', () =>
    withNotes(async ({ folder }, start) => {
      await breakHandler(folder)
      const service = await start()
      await service.add('a', 'first text')
      await untilLink(folder, 0, 1)
      await service.add('a', 'second text')
      await untilLink(folder, 1, 1)

      const [letter, ...others] = await letters(folder)
      expect(others).to.deep.equal([])
      expect(letter).to.deep.include({ direction: 'in', handler: 'WritesNotes', attempts: 2, key: 'a' })
      expect(letter.cause).to.deep.include({ name: 'TypeError', message: 'The pen is \u001b[31mbroken.' })

      const list = await succeed(folder, 'dead-letters', 'list')
      expect(list).to.contain(`${letter.place}  `).and.contain('The pen is \\u001b[31mbroken.').and.contain('key=a')
      const show = await succeed(folder, 'dead-letters', 'show', letter.place)
      expect(show).to.match(/stack: TypeError: .*\n.*at WritesNotes\.handle \(.*handler\.js/)
      expect(show).to.contain('attempts: 2').and.contain('firstAt: 20').and.not.contain('first text')
      expect(show.replaceAll('\n', '')).to.not.match(/[\u0000-\u001f\u007f-\u009f]/)
      const full = await succeed(folder, 'dead-letters', 'show', letter.place, '--payload')
      expect(full).to.contain('text: first text').and.contain('raw: ')

      await rm(join(folder, 'broken'))
      expect(await succeed(folder, 'dead-letters', 'redrive', letter.place)).to.contain('1 event redriven')
      await untilWritten(folder, ['first text', 'second text'])
      await untilLink(folder, 0, 0)
      expect(await succeed(folder, 'dead-letters', 'list')).to.contain('There are no dead letters')
    }))

  it('redrives all of a handler, and discards only when told so', () =>
    withNotes(async ({ folder }, start) => {
      await breakHandler(folder)
      const service = await start()
      for (const id of ['a', 'b', 'c']) await service.add(id, `text of ${id}`)
      await untilLink(folder, 0, 3)
      await service.add('c', 'goes on')
      await untilLink(folder, 1, 3)
      await rm(join(folder, 'broken'))

      const ofC = (await letters(folder)).find(({ key }) => key === 'c')?.place ?? ''
      expect(await fail(folder, 'dead-letters', 'discard', ofC)).to.contain('Add --yes')
      expect(await fail(folder, 'dead-letters', 'discard', '4711', '--yes')).to.contain("place '4711'")
      expect(await succeed(folder, 'dead-letters', 'discard', ofC, '--yes')).to.contain('1 event discarded')
      await untilWritten(folder, ['goes on'])

      expect(await fail(folder, 'dead-letters', 'redrive')).to.contain('Name places')
      expect(await fail(folder, 'dead-letters', 'redrive', '1', '--all')).to.contain('Name places')
      const wrong = await fail(folder, 'dead-letters', 'redrive', '--all', '--handler', 'WriteNotes')
      expect(wrong).to.contain("no handler 'WriteNotes'").and.contain("Did you mean 'WritesNotes'?")
      const both = await succeed(folder, 'dead-letters', 'redrive', '--all', '--handler', 'WritesNotes')
      expect(both).to.contain('2 events redriven')
      await eventually(
        async () => (await written(folder)).length === 3,
        () => written(folder),
        60_000
      )
      expect((await written(folder)).sort()).to.deep.equal(['goes on', 'text of a', 'text of b'])
    }))

  it('lists what the streamer refused to take, and sends it again', () =>
    withNotes(async ({ folder }, start) => {
      const small = await start()
      const large = 'x'.repeat(20_000)
      await small.add('a', large)
      await eventually(
        async () => (await letters(folder)).length === 1,
        () => letters(folder),
        60_000
      )
      const [refused] = await letters(folder)
      expect(refused).to.deep.include({ direction: 'out', key: 'a' })
      expect(refused.cause.message).to.contain('EVENT_TOO_LARGE')
      expect(await succeed(folder, 'dead-letters', 'list')).to.contain('(refused by the streamer)')
      expect(await succeed(folder, 'dead-letters', 'show', refused.place)).to.contain('type: NoteAdded')
      await small.command.end('SIGTERM')
      await start({ MAX_EVENT_BYTES: '100000' })
      await succeed(folder, 'dead-letters', 'redrive', refused.place)
      await untilWritten(folder, [large])
      expect(await letters(folder)).to.deep.equal([])
    }))

  it('redrives nothing that no handler is there for, and tells of links that are gone', () =>
    withNotes(async ({ folder }, start) => {
      const service = await start()
      const wrong = ['publish', 'main/notes', '--type', 'NoteAdded', '--key', 'noteId']
      expect((await run(wrong, { cwd: folder, input: '{"noteId":"a","text":7}' })).code).to.equal(0)
      await untilLink(folder, 0, 1)
      await service.command.end('SIGTERM')
      expect(await succeed(folder, 'dead-letters', 'list')).to.contain('EVENT_MISMATCH')

      await writeFile(join(folder, 'dist', 'handler.js'), '')
      const [{ place }] = await letters(folder)
      expect(await theLink(folder)).to.deep.include({ handler: 'WritesNotes', deadLetters: 1, gone: true })
      expect(await succeed(folder, 'links', 'list')).to.contain('no longer in the code')
      expect(await fail(folder, 'dead-letters', 'redrive', place)).to.contain('This app has no handler')
      expect(await succeed(folder, 'dead-letters', 'redrive', '--all')).to.contain('1 dead letter left')
      expect(await letters(folder)).to.have.length(1)
      expect(await succeed(folder, 'dead-letters', 'discard', place, '--yes')).to.contain('1 event discarded')
      expect(await letters(folder)).to.deep.equal([])
    }))

  it('pauses a link and resumes it, losing nothing', () =>
    withNotes(async ({ folder }, start) => {
      const service = await start()
      await service.add('a', '1')
      await untilWritten(folder, ['1'])
      expect(await fail(folder, 'links', 'pause', 'main/notes', 'Nobody')).to.contain('main/notes WritesNotes')
      const paused = await succeed(folder, 'links', 'pause', 'main/notes', 'WritesNotes')
      expect(paused).to.contain('is paused')
      // The service has taken it up when it parks what comes.
      for (let n = 2; (await theLink(folder)).parked === 0; n += 1) await service.add('a', String(n))
      const before = await written(folder)
      await service.add('a', 'last')
      await eventually(
        async () => (await theLink(folder)).parked >= 2,
        () => theLink(folder),
        60_000
      )
      expect(await written(folder)).to.deep.equal(before)
      expect(await theLink(folder)).to.deep.include({ paused: true, handler: 'WritesNotes' })
      expect(await succeed(folder, 'links', 'list'))
        .to.contain('paused')
        .and.contain('WritesNotes  at main/notes')
      await succeed(folder, 'links', 'resume', 'main/notes', 'WritesNotes')
      await eventually(
        async () => (await written(folder)).at(-1) === 'last',
        () => written(folder),
        60_000
      )
      const numbers = (await written(folder)).slice(0, -1).map(Number)
      expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1))
    }))

  it("forgets an entity's events, and lets what comes later pass", () =>
    withNotes(async ({ folder }, start) => {
      await breakHandler(folder)
      const service = await start()
      await service.add('person', 'secret 1')
      await service.add('other', 'stays')
      await untilLink(folder, 0, 2)
      await service.add('person', 'secret 2')
      await untilLink(folder, 1, 2)
      expect(await fail(folder, 'forget', '--entity', 'person')).to.contain('Add --yes')
      const said = await succeed(folder, 'forget', '--entity', 'person', '--yes')
      expect(said).to.contain('1 parked event, 1 dead letter and 0 timers of person removed')
      expect((await letters(folder)).map(({ key }) => key)).to.deep.equal(['other'])
      await rm(join(folder, 'broken'))
      await service.add('person', 'later')
      await untilWritten(folder, ['later'])
      expect(await succeed(folder, 'forget', '--entity', 'person')).to.contain(
        '0 parked events, 0 dead letters and 0 timers'
      )
      await service.command.end('SIGTERM')
      const state = join(folder, '.booster', 'streamers', 'local')
      const files = (await readdir(state)).map((name) => readFile(join(state, name), 'latin1'))
      expect((await Promise.all(files)).join())
        .to.contain('stays')
        .and.not.contain('secret')
    }))
  it('says what remains of what it forgets while another process reads the state, exits with 1, and removes it the next time', () =>
    withNotes(async ({ folder }, start) => {
      await breakHandler(folder)
      const service = await start()
      await service.add('person', 'secret')
      await untilLink(folder, 0, 1)
      await service.command.end('SIGTERM')
      const state = join(folder, '.booster', 'streamers', 'local')
      const reader = await readerOf(join(state, 'state.sqlite'))
      const forget = ['forget', '--entity', 'person', '--yes']
      const first = await run(forget, { cwd: folder })
      expect([first.code, first.out.includes('-wal'), first.out.includes('Run the command again')]).to.deep.equal([
        1,
        true,
        true,
      ])
      await reader.end()
      expect(await succeed(folder, ...forget)).not.to.contain('-wal')
      const files = (await readdir(state)).map((name) => readFile(join(state, name), 'latin1'))
      expect((await Promise.all(files)).join()).not.to.contain('secret')
    }))
})
