import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { run } from './support/command'
import type { Ended } from './support/command'
import { breakHandler, configure, moveState, untilDead, untilWritten, withNotes, written } from './support/notes-app'

describe('a state that is somewhere else', function () {
  this.timeout(600_000)

  const cli = (folder: string, ...args: string[]): Promise<Ended> => run(args, { cwd: folder })

  it('refuses the start by its option, and once taken over goes on: what was handled is not handled again', () =>
    withNotes(async ({ folder }, start) => {
      const before = await start()
      await before.add('a', 'handled before')
      await untilWritten(folder, ['handled before'])
      await breakHandler(folder)
      await before.add('b', 'given up')
      await untilDead(folder)
      await before.command.end('SIGTERM')
      await moveState(folder)
      const refused = await cli(folder, 'start', '--no-build', '--port', '0')
      expect(refused.err).to.contain('STATE_ELSEWHERE').and.contain('boost-streamers state import --from-default')
      expect(refused.err).to.contain('1 dead letter')
      const exported = await cli(folder, 'state', 'info')
      expect(exported.out).to.contain('dead letters: 0')
      const taken = await cli(folder, 'state', 'import', '--from-default')
      expect(taken.code, taken.err).to.equal(0)
      expect(taken.out).to.contain('1 parked or dead').and.contain('1 position')
      await rm(join(folder, 'broken'))
      await start()
      await cli(folder, 'dead-letters', 'redrive', '--all')
      await untilWritten(folder, ['handled before', 'given up'])
    }))

  it('of another provider: store import --from-nedb takes over what was pending, handled and read', () =>
    withNotes(async ({ folder }, start) => {
      const large = 'x'.repeat(20_000)
      const before = await start()
      await before.add('a', 'handled before')
      await untilWritten(folder, ['handled before'])
      await before.add('a', large)
      await eventually(
        async () => (await cli(folder, 'dead-letters', 'list')).out.includes('refused by the streamer'),
        () => cli(folder, 'dead-letters', 'list'),
        120_000
      )
      await before.command.end('SIGTERM')
      await configure(folder, 'framework-provider-local', 'framework-provider-sql')
      const refused = await cli(folder, 'start', '--no-build', '--port', '0')
      expect(refused.err).to.contain('STATE_ELSEWHERE').and.contain('1 pending')
      const taken = await cli(folder, 'store', 'import', '--from-nedb', '.booster')
      expect(taken.code, taken.err).to.equal(0)
      expect(taken.out).to.contain('2 events').and.contain('1 pending, 1 handled')
      await start({ MAX_EVENT_BYTES: '100000' })
      const [place] = (await cli(folder, 'dead-letters', 'list')).out.split(' ')
      await cli(folder, 'dead-letters', 'redrive', place)
      await untilWritten(folder, ['handled before', large])
      expect(await written(folder)).to.have.length(2)
    }))

  it('under one name is warned of at each start, until state adopt says that it is not wanted', () =>
    withNotes(async ({ folder }, start) => {
      const before = await start()
      await before.add('a', 'handled before')
      await untilWritten(folder, ['handled before'])
      await before.command.end('SIGTERM')
      const info = await cli(folder, 'state', 'info')
      const id = /^id: (\S+)$/m.exec(info.out)?.[1] as string
      expect(id, info.out).to.be.a('string')
      // As on another machine: the state stays behind, where it is not found.
      await rename(join(folder, '.booster', 'streamers'), join(folder, 'left-behind'))
      for (let n = 0; n < 2; n += 1) {
        const next = await start()
        await next.command.says(new RegExp(`the streaming state ${id} has read from 'main' before`), 60_000)
        await next.command.end('SIGTERM')
      }
      const adopted = await cli(folder, 'state', 'adopt')
      expect(adopted.out, adopted.err).to.contain('1 earlier state left behind')
      expect((await cli(folder, 'state', 'info')).out).to.contain(`taken over from: ${id}`)
      const last = await start()
      await last.add('b', 'handled after')
      await eventually(
        async () => (await written(folder)).includes('handled after'),
        () => written(folder),
        60_000
      )
      await last.command.end('SIGTERM')
      expect(last.command.out + last.command.err).not.to.contain('has read from')
    }))
})
