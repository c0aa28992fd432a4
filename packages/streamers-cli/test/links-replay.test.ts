import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { run } from './support/command'
import type { Ended } from './support/command'
import { breakHandler, configure, untilWritten, withNotes, written } from './support/notes-app'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const REPLAY = ['links', 'replay', 'main/notes', 'WritesNotes', '--from', '2020-01-01']

const BIN = join(__dirname, '..', 'bin', 'boost-streamers.js')
const PTY = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'

/** What a command says on a terminal, on which somebody types. */
async function onTerminal(args: readonly string[], cwd: string, typed: string): Promise<string> {
  const done = promisify(execFile)('python3', ['-c', PTY, process.execPath, BIN, ...args], { cwd })
  done.child.stdin?.end(typed)
  return (await done).stdout
}

describe('boost-streamers links replay', function () {
  this.timeout(180_000)

  it('lets a handler see events again, each once a replay, in order before what comes meanwhile', () =>
    withNotes(async ({ folder }, start) => {
      const replay = (...args: string[]): Promise<Ended> => run([...REPLAY, ...args], { cwd: folder })
      const service = await start()
      for (const text of ['1', '2', '3']) await service.add('a', text)
      await untilWritten(folder, ['1', '2', '3'])

      const unasked = await replay()
      expect(unasked.code).to.equal(1)
      expect(unasked.err)
        .to.contain('would see 3 events again')
        .and.contain('handled downstream again')
        .and.contain('--yes')
      const dry = await replay('--dry-run')
      expect(dry.out, dry.err).to.contain('3 events would be seen again by WritesNotes at main/notes')

      const first = await replay('--yes')
      expect(first.out, first.err).to.contain('3 events parked for WritesNotes')
      await untilWritten(folder, ['1', '2', '3', '1', '2', '3'])

      // Ranges that overlap are two replays.
      const to = ['--to', '2100-01-01']
      for (const from of ['2020-01-01', '2020-01-02']) {
        const before = (await written(folder)).length
        const asked = await onTerminal([...REPLAY.slice(0, -1), from, ...to], folder, 'y\n')
        expect(asked).to.contain('will see 3 events again').and.contain('3 events parked for WritesNotes')
        await eventually(async () => (await written(folder)).length === before + 3, undefined, 60_000)
      }
      await rm(join(folder, 'written'))

      await breakHandler(folder)
      const second = await replay('--yes')
      expect(second.out, second.err).to.contain('3 events parked for WritesNotes')
      await service.add('a', 'live')
      await rm(join(folder, 'broken'))
      expect((await run(['parked', 'retry-now', '--all'], { cwd: folder })).code).to.equal(0)
      expect((await run(['dead-letters', 'redrive', '--all'], { cwd: folder })).code).to.equal(0)
      await untilWritten(folder, ['1', '2', '3', 'live'])

      const wrong = await run(['links', 'replay', 'main/note', 'WritesNotes', '--from', '2020-01-01'], { cwd: folder })
      expect(wrong.err).to.contain("Did you mean 'main/notes WritesNotes'?")
      await configure(folder, 'config.streaming = {', 'config.streamers.main.read = undefined; config.streaming = {')
      const never = await replay('--yes')
      expect(never.code).to.equal(1)
      expect(never.err).to.contain('cannot be read again').and.contain('from a lake')
    }))
})
