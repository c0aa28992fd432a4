import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { run } from './support/command'
import type { Ended } from './support/command'
import { breakHandler, untilWritten, withNotes } from './support/notes-app'

interface LinkLine {
  readonly address: string
  readonly handler: string
  readonly parked: number
  readonly deadLetters: number
  readonly gone: boolean
}

/** Gives something in the compiled app another name. */
async function rename(folder: string, from: string, to: string): Promise<void> {
  for (const name of ['handler.js', 'note-added.js']) {
    const file = join(folder, 'dist', name)
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll(from, to))
  }
}

describe('a name that the code has no longer', function () {
  this.timeout(180_000)

  const links = (folder: string, ...args: string[]): Promise<Ended> => run(['links', ...args], { cwd: folder })
  const listed = async (folder: string): Promise<LinkLine[]> =>
    (await links(folder, 'list', '--json')).out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LinkLine)
  const until = (folder: string, parked: number, deadLetters: number): Promise<void> =>
    eventually(
      async () => (await listed(folder)).some((link) => link.parked === parked && link.deadLetters === deadLetters),
      () => listed(folder),
      60_000
    )

  it('of a renamed handler is told of at the start, and links rename has its events handled once, in their order', () =>
    withNotes(async ({ folder }, start) => {
      const before = await start()
      await before.add('a', 'handled before')
      await untilWritten(folder, ['handled before'])
      await breakHandler(folder)
      await before.add('a', 'given up')
      await until(folder, 0, 1)
      await before.add('a', 'behind it')
      await until(folder, 1, 1)
      const early = await links(folder, 'rename', 'WritesNotes', 'PensNotes')
      expect(early.err).to.contain("The app has no handler 'PensNotes'").and.contain('Build the app')
      await before.command.end('SIGTERM')

      await rename(folder, 'WritesNotes', 'PensNotes')
      await rm(join(folder, 'broken'))
      const after = await start()
      await after.command.says(
        /1 parked, 1 dead letters for WritesNotes at 'main\/notes'.*links rename WritesNotes NEW/
      )
      expect((await listed(folder)).map(({ handler, gone }) => [handler, gone])).to.deep.equal([
        ['PensNotes', false],
        ['WritesNotes', true],
      ])
      expect((await links(folder, 'rename', 'WriteNotes', 'PensNotes')).err).to.contain("Did you mean 'WritesNotes'?")
      const renamed = await links(folder, 'rename', 'WritesNotes', 'PensNotes')
      expect(renamed.code, renamed.err).to.equal(0)
      expect(renamed.out).to.contain('WritesNotes is PensNotes now').and.contain('1 parked, 1 dead letter,')
      const redriven = await run(['dead-letters', 'redrive', '--all', '--handler', 'PensNotes'], { cwd: folder })
      expect(redriven.out).to.contain('1 event redriven')
      await untilWritten(folder, ['handled before', 'given up', 'behind it'])
      expect((await listed(folder)).map(({ handler }) => handler)).to.deep.equal(['PensNotes'])
    }))

  it('is kept by the option name, whatever the class is called', () =>
    withNotes(async ({ folder }, start) => {
      await breakHandler(folder)
      const before = await start()
      await before.add('a', 'given up')
      await until(folder, 0, 1)
      await before.command.end('SIGTERM')
      await rename(folder, 'WritesNotes', 'PensNotes')
      await rename(folder, 'streamedFrom:', "name: 'WritesNotes', streamedFrom:")
      expect((await listed(folder)).map(({ handler, gone }) => [handler, gone])).to.deep.equal([['WritesNotes', false]])
      await rm(join(folder, 'broken'))
      await start()
      await run(['dead-letters', 'redrive', '--all'], { cwd: folder })
      await untilWritten(folder, ['given up'])
    }))

  it('of an address is told of, and rename --address gives its parked events to the handler at the new one', () =>
    withNotes(async ({ folder }, start) => {
      await breakHandler(folder)
      const before = await start()
      await before.add('a', 'given up')
      await until(folder, 0, 1)
      await before.command.end('SIGTERM')
      await rename(folder, 'main/notes', 'main/remarks')
      await rm(join(folder, 'broken'))
      const after = await start()
      await after.command.says(/links rename --address 'main\/notes' NEW/)
      const renamed = await links(folder, 'rename', '--address', 'main/notes', 'main/remarks')
      expect(renamed.code, renamed.err).to.equal(0)
      expect(renamed.out).to.contain('1 dead letter')
      await run(['dead-letters', 'redrive', '--all'], { cwd: folder })
      await untilWritten(folder, ['given up'])
    }))
})
