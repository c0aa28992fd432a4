import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from './support/command'
import type { Ended } from './support/command'
import { breakHandler, configure, moveState, untilDead, untilWritten, withNotes } from './support/notes-app'

describe('a state that is moved in a file', function () {
  this.timeout(600_000)

  const cli = (folder: string, ...args: string[]): Promise<Ended> => run(args, { cwd: folder })

  it('is written to a file, and read from it where it is whole and the other state is empty', () =>
    withNotes(async ({ folder }, start) => {
      // What the app says while it is loaded is not in what a command answers.
      await configure(folder, 'config.appName =', "console.log('loaded'); console.info('loaded'); config.appName =")
      const before = await start()
      await before.add('a', 'handled before')
      await untilWritten(folder, ['handled before'])
      await breakHandler(folder)
      await before.add('b', 'given up')
      await untilDead(folder)
      await before.command.end('SIGTERM')
      const exported = await cli(folder, 'state', 'export', 'state.jsonl')
      expect(exported.out).to.match(/\d+ lines in state\.jsonl/)
      const whole = await readFile(join(folder, 'state.jsonl'), 'utf8')
      const shown = await cli(folder, 'state', 'export')
      expect(shown.out).to.equal(whole)
      expect(shown.err).to.contain('loaded\nloaded')
      expect(JSON.parse((await cli(folder, 'links', 'list', '--json')).out)).to.be.an('object')
      await moveState(folder)
      const lines = whole.trimEnd().split('\n')
      for (const [what, half] of [
        ['is cut off', lines.slice(0, -1)],
        ['lacks a line', [...lines.slice(0, 1), ...lines.slice(2)]],
        ['is of something else', lines.slice(1)],
      ] as const) {
        await writeFile(join(folder, 'half.jsonl'), `${half.join('\n')}\n`)
        const refused = await cli(folder, 'state', 'import', 'half.jsonl')
        expect(refused.err, what).to.contain('OPTION_INVALID').and.contain('half.jsonl')
        expect((await cli(folder, 'state', 'info')).out, what).to.contain('dead letters: 0')
      }
      const taken = await cli(folder, 'state', 'import', 'state.jsonl')
      expect(taken.code, taken.err).to.equal(0)
      expect(taken.out).to.contain('1 handled').and.contain('1 parked or dead').and.contain('1 position')
      expect((await cli(folder, 'state', 'import', 'state.jsonl')).err).to.contain('not empty')
      await rm(join(folder, 'broken'))
      await start()
      await cli(folder, 'dead-letters', 'redrive', '--all')
      await untilWritten(folder, ['handled before', 'given up'])
    }))
})
