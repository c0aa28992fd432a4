import '../support/environment'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EntitySnapshotEnvelope, NonPersistedEventEnvelope } from '@boostercloud/framework-types'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { Provider } from '../../src'
import { healthAnswer } from '../../src/compatibility'
import type { Database } from '../../src/database/database'
import { append } from '../../src/events/append'
import { Deletions } from '../../src/events/deletions'
import { EventReader, keepSnapshot } from '../../src/events/read'
import { importStore, recordsOfNedb } from '../../src/operate'
import { sql } from '../../src/sql'
import { Opened } from '../support/opened'
import { event } from '../support/records'

describe('what Booster asks of a provider from 2.17 on', () => {
  it('is there: the members for deletion, for rockets and for the answer of the health endpoint', async () => {
    const provider = Provider() as unknown as Record<string, Record<string, unknown>>
    for (const member of ['findDeletableEvent', 'findDeletableSnapshot', 'deleteEvent', 'deleteSnapshot']) {
      expect(provider.events[member], member).to.be.a('function')
    }
    expect(provider.sensor.areRocketFunctionsUp).to.be.a('function')
    expect(provider.api.healthRequestResult).to.be.a('function')
    const down = await healthAnswer({ api: {} } as never, { status: 'DOWN' }, false)
    expect(down).to.deep.include({ status: 'success', headers: { 'status-code': 503 } })
  })
})

describe('an event that Booster deletes', () => {
  it('is gone from what is read, and its text from the store, on SQLite', async () => {
    await inTempFolder(async (folder) => isGone(await Opened.with({ folder })))
  })

  describeWithServer('postgres', (server) => {
    it('is gone from what is read, and its text from the store, on PostgreSQL', async () =>
      isGone(await Opened.with({ url: server().url, schema: `deleted_${process.pid}` })))
  })

  it("stays deleted where a store of Booster's local provider is imported", async () => {
    await inTempFolder(async (folder) => {
      const events = [
        { ...event('a', 'kept'), createdAt: '2026-01-31T12:00:00.000Z', _id: '1' },
        {
          deletedAt: '2026-02-01T12:00:00.000Z',
          ...event('b', 'secret'),
          createdAt: '2026-01-31T12:00:00.000Z',
          _id: '2',
        },
      ]
      await writeFile(join(folder, 'events.json'), events.map((each) => JSON.stringify(each)).join('\n'))
      const { database } = await Opened.with({ folder: join(folder, 'sql') })
      try {
        await importStore(database, recordsOfNedb(folder))
        const reader = new EventReader(database)
        expect(await reader.since('Thing', 'b')).to.deep.equal([])
        expect(await reader.since('Thing', 'a')).to.have.length(1)
        expect((await reader.entityIds('Thing', 10, undefined)).items).to.deep.equal([{ entityID: 'a' }])
        expect(await textsOf(database)).to.not.include('secret')
      } finally {
        await database.close()
      }
    })
  })
})

async function isGone({ database }: Opened): Promise<void> {
  try {
    const [reader, deletions] = [new EventReader(database), new Deletions(database)]
    const ends = { ...event('ends', '"deletedAt":"2026-02-01T12:00:00.000Z"}'), streamsId: 's2' }
    const envelopes: NonPersistedEventEnvelope[] = [
      event('a', 'one'),
      { ...event('a', 'secret'), streamsId: 's1' } as never,
      ends,
    ]
    const { statements, stored } = append(envelopes)
    const [, secret] = stored(await database.transaction(statements))
    await database.transaction([keepSnapshot(snapshotOf(secret.createdAt))])

    const [found] = await deletions.events({ entityTypeName: 'Thing', entityID: 'a', createdAt: secret.createdAt })
    expect(found.value).to.deep.equal({ id: 'a', text: 'secret' })
    expect(await deletions.snapshots(found)).to.have.length(1)
    await deletions.deleteEvents([found])

    const read = await reader.since('Thing', 'a')
    expect(read.map(({ value }) => (value as unknown as { text: string }).text)).to.deep.equal(['one'])
    expect(await reader.snapshot('Thing', 'a')).to.equal(undefined)
    expect((await reader.withStreamsIds(['s1', 's2'])).map(({ envelope }) => envelope.entityID)).to.deep.equal(['ends'])
    expect(await deletions.events(found)).to.deep.equal([])
    const searched = await reader.search({ entity: 'Thing', entityID: 'a' })
    expect(searched[0]).to.have.property('deletedAt')
    expect(searched[0].value).to.deep.equal({})
    expect(await textsOf(database)).to.not.include('secret')

    await deletions.deleteEvents(await deletions.events({ ...found, createdAt: read[0].createdAt }))
    const ids = await reader.entityIds('Thing', 10, undefined)
    expect(ids.items).to.deep.equal([{ entityID: 'ends' }])
  } finally {
    await database.close()
  }
}

function snapshotOf(at: string): EntitySnapshotEnvelope {
  const snapshot = { ...event('a'), kind: 'snapshot', snapshottedEventCreatedAt: at, createdAt: at, value: 'secret' }
  return snapshot as unknown as EntitySnapshotEnvelope
}

async function textsOf(database: Database): Promise<string> {
  const rows = await database.query(sql('SELECT envelope FROM events UNION ALL SELECT envelope FROM snapshots'))
  return rows.map(({ envelope }) => String(envelope)).join('\n')
}
