import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Command, run } from './support/command'
import { eventually } from '../../streamers/test/support/eventually'
import { noteAdded, untilWritten, withNotes, written } from './support/notes-app'

const FROM_EVER = ['--from', '2000-01-01']

/** All that was published so far. */
async function published(folder: string): Promise<ExternalEvent[]> {
  const log = LocalStreamer.with({ path: join(folder, 'log') })
  const events: ExternalEvent[] = []
  for await (const event of log.read('notes', {})) events.push(event)
  await log.close()
  return events
}

const texts = (events: readonly ExternalEvent[]): string[] =>
  events.map(({ eventPayload }) => (eventPayload as { text: string }).text)
const ids = (events: readonly ExternalEvent[]): (string | undefined)[] => events.map(({ metadata }) => metadata?.id)

/** Stores events as Booster's local provider would have, one for each entity, a second apart. */
async function storeHistory(folder: string, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      kind: 'event',
      superKind: 'domain',
      typeName: 'NoteAdded',
      version: 1,
      entityTypeName: 'Note',
      entityID: `note-${n}`,
      requestID: 'request',
      value: { noteId: `note-${n}`, text: `text ${n}` },
      createdAt: new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString(),
      _id: `id-${n}`,
    })
  )
  await mkdir(join(folder, '.booster'), { recursive: true })
  await writeFile(join(folder, '.booster', 'events.json'), lines.map((line) => `${line}\n`).join(''))
}

describe('boost-streamers backfill', function () {
  this.timeout(180_000)

  it('streams what was stored before streamTo was there, each event once', () =>
    withNotes(
      async ({ folder }, start) => {
        const before = await start()
        for (const [id, text] of [
          ['b', 'b1'],
          ['a', 'a1'],
          ['a', 'a2'],
        ])
          await before.add(id, text)
        await before.command.end('SIGTERM')
        expect(await published(folder)).to.deep.equal([])

        await writeFile(join(folder, 'src', 'note-added.ts'), noteAdded(`@Event({ streamTo: 'main/notes' })`))
        const after = await start({}, [])
        const busy = await run(['backfill', 'main/notes', ...FROM_EVER], { cwd: folder })
        expect(busy.code).to.equal(1)
        expect(busy.err).to.contain('STORAGE_BUSY')
        await after.add('a', 'a3')
        await untilWritten(folder, ['a3'])
        await after.command.end('SIGTERM')

        const dry = await run(['backfill', 'main/notes', ...FROM_EVER, '--dry-run'], { cwd: folder })
        expect(dry.out, dry.err).to.contain('4 events of 2 entities would be published to main/notes')
        expect(texts(await published(folder))).to.deep.equal(['a3'])
        for (const run1 of [1, 2]) {
          const done = await run(['backfill', 'main/notes', ...FROM_EVER, '--rate', '1000/s'], { cwd: folder })
          expect(done.code, done.err).to.equal(0)
          expect(done.out).to.contain('4 events of 2 entities published')
          const events = await published(folder)
          expect(texts(events).slice(-4), `run ${run1}`).to.deep.equal(['a1', 'a2', 'a3', 'b1'])
          expect(new Set(ids(events)).size).to.equal(4)
          expect(events.at(-1)?.metadata).to.deep.include({ type: 'NoteAdded', source: 'notes', key: 'b' })
        }

        await start()
        await eventually(
          async () => (await written(folder)).length >= 4,
          () => written(folder),
          60_000
        )
        const all = await written(folder)
        expect([...all].sort()).to.deep.equal(['a1', 'a2', 'a3', 'b1'])
        expect(all.filter((text) => text.startsWith('a'))).to.deep.equal(['a3', 'a1', 'a2'])
      },
      { 'src/note-added.ts': noteAdded('@Event') }
    ))

  it('goes on where it was interrupted, keeps to its rate and to its times', () =>
    withNotes(async ({ folder }) => {
      await storeHistory(folder, 350)
      const args = ['backfill', 'main/notes', '--from', '2026-01-01T00:00:10Z', '--to', '2026-01-01T00:05:20Z']
      const begun = Date.now()
      const first = new Command([...args, '--rate', '100'], { cwd: folder })
      try {
        await eventually(async () => (await published(folder)).length >= 200, undefined, 60_000)
      } finally {
        await first.end('SIGKILL')
      }
      expect(Date.now() - begun).to.be.greaterThan(900)
      const second = await run(args, { cwd: folder })
      expect(second.code, second.err).to.equal(0)
      expect(second.out).to.match(/Continues after \d+ entities of an earlier run/)
      const events = await published(folder)
      expect(new Set(texts(events))).to.deep.equal(new Set(Array.from({ length: 310 }, (_, n) => `text ${n + 10}`)))
      expect(new Set(ids(events)).size).to.equal(310)
      expect(events.length).to.be.lessThan(310 + 201)
    }))

  it('says what it cannot do', () =>
    withNotes(async ({ folder }) => {
      const elsewhere = await run(['backfill', 'main/posts', ...FROM_EVER], { cwd: folder })
      expect(elsewhere.code).to.equal(1)
      expect(elsewhere.err).to.contain('streams no event there').and.contain("'main/notes'")
      for (const wrong of [['--from', 'ever'], [...FROM_EVER, '--rate', '0'], []]) {
        const { code, err } = await run(['backfill', 'main/notes', ...wrong], { cwd: folder })
        expect(code).to.equal(1)
        expect(err).to.contain('error: ')
      }
    }))
})
