import { join } from 'node:path'
import { openSqlite } from '@boostercloud/streamer-sqlite'
import type { SqliteFile } from '@boostercloud/streamer-sqlite'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { APPLICATION_ID, MIGRATIONS } from '../../src/log/schema'
import { notes } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useTemporary } from '../support/temporary'

describe('the owner of a group, in the log', function () {
  this.timeout(60_000)
  const { streamer, path } = useTemporary()
  const ours = (member = 'm', leaseMs = 60_000): { stateId: string; member: string; leaseMs: number } => ({
    stateId: 'ours',
    member,
    leaseMs,
  })
  const opened = (migrations: readonly string[]): Promise<SqliteFile> =>
    openSqlite({ path: join(path(), 'log.sqlite'), applicationId: APPLICATION_ID, migrations, purpose: 'a test' })
  const theirs = { stateId: 'theirs', member: 't', leaseMs: 60_000 }

  it('is one state, whichever of its processes asks; another one is refused, with what to do', async () => {
    const [first, second] = [streamer(), streamer()]
    expect(await first.ownGroup(['posts'], ours('a'))).to.deep.equal({ before: [] })
    expect(await second.ownGroup(['posts'], ours('b'))).to.deep.equal({ before: [] })
    const { message, retryable } = await rejection(second.ownGroup(['likes', 'posts'], theirs), 'GROUP_OWNED')
    expect(message).to.contain('ours').and.contain('topic posts, group unknown')
    expect(message)
      .to.contain('config.streaming.state')
      .and.contain('appName')
      .and.contain('LocalStreamer.with({ group })')
    expect(retryable).to.equal(true)
    expect(await first.ownGroup(['likes'], ours()), 'nothing was changed').to.deep.equal({ before: [] })
  })

  it('is told apart by the name of the service, and by the option group', async () => {
    const [first, second, third] = [streamer(), streamer({ group: 'apart' }), streamer()]
    for (const one of [first, second]) one.attach({ streamerId: 'main', appName: 'shop', environment: 'test' })
    third.attach({ streamerId: 'main', appName: 'other', environment: 'test' })
    await first.ownGroup(['posts'], ours())
    await second.ownGroup(['posts'], theirs)
    await third.ownGroup(['posts'], { ...theirs, stateId: 'third' })
  })

  it('may change when each process has left, and is known to the next one', async () => {
    const local = streamer()
    await local.ownGroup(['posts'], ours('a'))
    await local.ownGroup(['posts'], ours('b'))
    await local.leaveGroup(['posts'], ours('a'))
    await rejection(local.ownGroup(['posts'], theirs), 'GROUP_OWNED')
    await local.leaveGroup(['posts'], ours('b'))
    expect(await local.ownGroup(['posts'], theirs)).to.deep.equal({ before: ['ours'] })
    await rejection(local.ownGroup(['posts'], ours()), 'GROUP_OWNED')
  })

  it('may change when its lease is over, and keeps one row of each state', async () => {
    const local = streamer()
    for (const member of ['a', 'b', 'c']) {
      await local.ownGroup(['posts'], ours(member, 1))
      const over = Date.now() + 1
      await eventually(() => Date.now() > over)
    }
    await eventually(() =>
      local.ownGroup(['posts'], theirs).then(
        ({ before }) => before.includes('ours'),
        () => false
      )
    )
    await local.close()
    const file = await opened(MIGRATIONS)
    const rows = file.read('SELECT state_id, count(*) AS n FROM group_members GROUP BY 1 ORDER BY 1')
    await file.close()
    expect(rows.map(({ state_id, n }) => ({ state_id, n: Number(n) }))).to.deep.equal([
      { state_id: 'ours', n: 1 },
      { state_id: 'theirs', n: 1 },
    ])
  })

  it('is kept in a log of the version before, which one start brings up to date', async () => {
    const before = await opened(MIGRATIONS.slice(0, 1))
    await before.write(({ run }) => run('UPDATE log SET id = ?1', '0123456789abcdef'))
    await before.close()
    const now = streamer()
    await now.ownGroup(['posts'], ours())
    await now.publish(notes(1), 'posts')
    expect((await now.poll('posts'))[0].eventId, 'the same log').to.equal('0123456789abcdef:1')
  })
})
