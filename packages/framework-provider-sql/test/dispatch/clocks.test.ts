import '../support/environment'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import type { Database } from '../../src/database/database'
import { Claims } from '../../src/dispatch/claims'
import { append } from '../../src/events/append'
import { EventReader } from '../../src/events/read'
import { isFirst } from '../../src/schedule'
import { Opened } from '../support/opened'
import { event } from '../support/records'

const NOW = Date.UTC(2026, 0, 31, 12)
const YEAR_MS = 365 * 86_400_000

describe('a clock that was wrong for a while', () => {
  it('holds up no dispatch and no schedule afterwards, on SQLite', async () => {
    await inTempFolder(async (folder) => holdsNothingUp(await Opened.with({ folder })))
  })

  describeWithServer('postgres', (server) => {
    it('holds up no dispatch, lease and schedule afterwards, on PostgreSQL', async () =>
      holdsNothingUp(await Opened.with({ url: server().url, schema: `clocks_${process.pid}` })))
  })
})

async function holdsNothingUp({ database }: Opened): Promise<void> {
  try {
    await storedAt(database, 'ahead', NOW + YEAR_MS)
    await storedAt(database, 'ahead', NOW)
    await storedAt(database, 'back', NOW - YEAR_MS)
    const reader = new EventReader(database)
    const times = (await reader.since('Thing', 'ahead')).map(({ createdAt }) => createdAt)
    expect(times).to.have.length(2)
    expect(times[1] > times[0], 'an entity keeps its order').to.equal(true)
    expect(await taken(database, 'one', NOW)).to.deep.equal(['ahead', 'back'])
    expect(await taken(database, 'other', NOW), 'a lease holds').to.deep.equal(database.shared ? [] : ['ahead', 'back'])

    await storedAt(database, 'leased', NOW)
    expect(await taken(database, 'dead', NOW + YEAR_MS)).to.include('leased')
    expect(await taken(database, 'living', NOW + 1)).to.include('leased')

    expect(await isFirst(database, 'Command', new Date(NOW + YEAR_MS), NOW + YEAR_MS)).to.equal(true)
    expect(await isFirst(database, 'Command', new Date(NOW), NOW)).to.equal(true)
    expect(await isFirst(database, 'Command', new Date(NOW), NOW)).to.equal(false)
    expect(await isFirst(database, 'Command', new Date(NOW + 60_000), NOW + 60_000)).to.equal(true)
  } finally {
    await database.close()
  }
}

async function storedAt(database: Database, id: string, now: number): Promise<void> {
  await database.transaction(append([event(id)], now).statements)
}

async function taken(database: Database, owner: string, now: number): Promise<string[]> {
  return (await new Claims(database, owner).take(now)).map(({ id }) => id).sort()
}
