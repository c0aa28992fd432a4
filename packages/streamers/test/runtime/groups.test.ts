import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { openEmbeddedState } from '../../src/state'
import { GroupMember } from '../support/group-members'
import type { MemberOrder } from '../support/group-members'
import { inTempFolder } from '../support/temp-folder'

/** Services on one embedded log, each in a process of its own. */
class Machine {
  private readonly members: GroupMember[] = []

  public constructor(private readonly folder: string) {}

  /** A service called shop whose state is in this folder. */
  public start(
    state: string,
    { group, ...own }: { group?: string } & Pick<MemberOrder, 'appName' | 'ms' | 'failing'> = {}
  ): GroupMember {
    const options = { path: join(this.folder, 'log'), pollWaitMs: 50, group }
    const from = require.resolve('@boostercloud/local-streamer')
    const connector = { from, name: 'LocalStreamer', options }
    const member = new GroupMember({ connector, state: join(this.folder, state), ...own })
    this.members.push(member)
    return member
  }

  public async publish(...numbers: readonly number[]): Promise<void> {
    const log = LocalStreamer.with({ path: join(this.folder, 'log') })
    const events = numbers.map((n) => withMetadata({ n }, { id: String(n), key: 'k', source: 'here' }))
    await log.publish(events as unknown as EventInterface[], 'notes')
    await log.close()
  }

  /** What `state adopt` does. */
  public async adopt(state: string): Promise<readonly string[]> {
    const opened = await openEmbeddedState(join(this.folder, state))
    const { followed } = await opened.identity()
    for (const id of followed) {
      await opened.noteIdentity([
        { role: 'taken-from', id },
        { role: 'followed', id, forget: true },
      ])
    }
    await opened.close()
    return followed
  }

  public async copy(from: string, to: string): Promise<void> {
    await cp(join(this.folder, from), join(this.folder, to), { recursive: true })
  }

  public async idOf(state: string): Promise<string> {
    const opened = await openEmbeddedState(join(this.folder, state))
    const { id } = await opened.identity()
    await opened.close()
    return id
  }

  public async end(): Promise<void> {
    await Promise.all(this.members.map((member) => member.end('SIGKILL')))
  }
}

const FOLLOWS = 'has read from'

describe('two services with one name, on one log, with two states', function () {
  this.timeout(300_000)
  const onMachine = (test: (machine: Machine) => Promise<void>): Promise<void> =>
    inTempFolder(async (folder) => {
      const machine = new Machine(folder)
      try {
        await test(machine)
      } finally {
        await machine.end()
      }
    })

  it('are refused: the second one, with what to do, while the first goes on and handles everything once', () =>
    onMachine(async (machine) => {
      const first = machine.start('one')
      await first.says('started')
      const second = machine.start('two')
      const { code, refused } = await second.says('refused')
      expect(code).to.equal('GROUP_OWNED')
      expect(refused).to.contain('shop-test').and.contain('appName').and.contain('LocalStreamer.with({ group })')
      await second.end()
      await machine.publish(1, 2, 3)
      await first.until(() => first.handled.length === 3)
      expect(second.handled).to.deep.equal([])
    }))

  it('both run under a group or a name of their own, and each handles everything', () =>
    onMachine(async (machine) => {
      const members = [
        machine.start('one'),
        machine.start('two', { group: 'two' }),
        machine.start('three', { appName: 'x' }),
      ]
      await machine.publish(1, 2)
      for (const member of members) await member.until(() => member.handled.length === 2)
      expect(members.some((member) => member.warned(FOLLOWS))).to.equal(false)
    }))

  it('are not meant by a restart, also one after a kill', () =>
    onMachine(async (machine) => {
      const first = machine.start('one')
      await first.says('started')
      await first.end('SIGKILL')
      const second = machine.start('one')
      await second.says('started')
      await second.end('SIGTERM')
      const third = machine.start('one')
      await third.says('started')
      expect([second, third].some(({ said }) => said.some(({ warned }) => warned?.includes('group')))).to.equal(false)
    }))

  it('are two also where the second state is a copy of the files of the first; when the first one ends, the copy goes on from there', () =>
    onMachine(async (machine) => {
      const first = machine.start('one')
      await machine.publish(1)
      await first.until(() => first.handled.length === 1)
      await first.end('SIGTERM')
      await machine.copy('one', 'two')
      const again = machine.start('one')
      await again.says('started')
      const copy = machine.start('two')
      expect((await copy.says('refused')).code).to.equal('GROUP_OWNED')
      await again.end('SIGTERM')
      const next = machine.start('two')
      await next.says('started')
      await machine.publish(2)
      await next.until(() => next.handled.length > 0)
      expect([next.handled, next.warned(FOLLOWS)]).to.deep.equal([[2], false])
      expect(await machine.idOf('two')).not.to.equal(await machine.idOf('one'))
    }))

  it('follow one another where the first one ends, with a warning until the state is adopted', () =>
    onMachine(async (machine) => {
      const first = machine.start('one')
      await first.says('started')
      const second = machine.start('two')
      await second.until(() => second.warned('Waiting up to'))
      await first.end('SIGTERM')
      await second.says('started')
      expect(second.warned(FOLLOWS)).to.equal(true)
      expect(second.warned('boost-streamers state adopt')).to.equal(true)
      await second.end('SIGTERM')
      expect(await machine.adopt('two')).to.deep.equal([await machine.idOf('one')])
      const again = machine.start('two')
      await again.says('started')
      expect(again.warned(FOLLOWS)).to.equal(false)
    }))

  it('follow one another where the first one is killed, when its lease is over', () =>
    onMachine(async (machine) => {
      const first = machine.start('one')
      await first.says('started')
      await first.end('SIGKILL')
      const second = machine.start('two')
      await second.says('started')
      expect(second.warned(FOLLOWS)).to.equal(true)
      await machine.publish(1)
      await second.until(() => second.handled.length === 1)
    }))

  it('are told apart where the first one stood still and was replaced: it handles nothing along, and is unhealthy', () =>
    onMachine(async (machine) => {
      const first = machine.start('one')
      await machine.publish(1)
      await first.until(() => first.handled.length === 1)
      await first.untilHealthIs(true)
      first.suspend()
      const second = machine.start('two')
      await second.says('started')
      await machine.publish(2, 3)
      await second.until(() => second.handled.includes(3))
      first.goOn()
      await first.untilHealthIs(false)
      await machine.publish(4)
      await second.until(() => second.handled.includes(4))
      expect(first.warned('GROUP_OWNED')).to.equal(true)
      await first.end('SIGTERM')
      expect(first.handled).to.deep.equal([1])
    }))

  it('are told apart also by what waits in memory where the first one stood still: it is not begun, and the other handles it', () =>
    onMachine(async (machine) => {
      const first = machine.start('one', { ms: 300 })
      await machine.publish(1, 2, 3, 4, 5)
      await first.until(() => first.handled.length === 1)
      first.suspend()
      const second = machine.start('two')
      await second.until(() => second.handled.includes(5))
      first.goOn()
      await first.untilHealthIs(false)
      await machine.publish(6)
      await second.until(() => second.handled.includes(6))
      await first.end('SIGTERM')
      expect([first.handled, second.handled]).to.deep.equal([[1], [1, 2, 3, 4, 5, 6]])
    }))

  it('are told apart also by what is parked, and what waits behind it: the first one tries it again when the group is its own again', () =>
    onMachine(async (machine) => {
      const first = machine.start('one', { failing: [1] })
      await machine.publish(1, 2, 3)
      await first.until(() => first.handled.length === 1)
      first.suspend()
      const second = machine.start('two')
      await second.until(() => second.handled.includes(3))
      first.goOn()
      await first.untilHealthIs(false)
      await machine.publish(4)
      await second.until(() => second.handled.includes(4))
      expect([first.handled, second.handled]).to.deep.equal([[1], [1, 2, 3, 4]])
      await second.end('SIGTERM')
      await first.until(() => first.handled.includes(4))
      expect(first.handled).to.deep.equal([1, 1, 2, 3, 4])
    }))
})
