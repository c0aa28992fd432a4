import '../support/environment'
import { join } from 'node:path'
import { expect } from 'chai'
import { inTempFolder } from '../../../streamers/test/support/temp-folder'
import { STORE_FILE } from '../../src/database/open'
import { Batch } from '../../src/dispatch/batch'
import { Committer } from '../../src/dispatch/committer'
import { inDispatch } from '../../src/dispatch/contexts'
import { Events } from '../../src/events/events'
import { entityKey } from '../../src/events/append'
import { sql } from '../../src/sql'
import { event } from '../support/records'
import { Opened, refusal } from '../support/opened'

const LONG = 'x'.repeat(20_000)
const FREE = 1_000_000_000

describe('a disk that is full', () => {
  it('refuses what does not fit, writes nothing of it by half, loses nothing, and takes it when there is room', async () => {
    await inTempFolder(async (folder) => {
      const opened = await Opened.with({ folder })
      await opened.store('before')
      await leave(opened, 20)
      const asked = Array.from({ length: 40 }, (_, n) => String(n))
      const stored: string[] = []
      for (const id of asked) {
        const work = opened.store(id, LONG)
        if (
          await work.then(
            () => true,
            () => false
          )
        )
          stored.push(id)
        else await expectFull(work, folder)
      }
      expect(stored).to.have.length.within(1, asked.length - 1)
      for (const id of asked) expect(await opened.halves(id)).to.deep.equal(stored.includes(id) ? [1, 1] : [0, 0])

      await leave(opened, FREE)
      for (const id of asked) if (!stored.includes(id)) await opened.store(id, LONG)
      for (const id of ['before', ...asked]) expect(await opened.halves(id)).to.deep.equal([1, 1])
      await opened.close()
    })
  })

  it('has what came of events wait for room, and then be written once', async () => {
    await inTempFolder(async (folder) => {
      const opened = await Opened.with({ folder })
      const { database } = opened
      const events = new Events(database, { wake: () => undefined } as never, false)
      const [stored] = await events.store([event('a')])
      const committer = new Committer(database, { onHandlerError: 'retry', owner: 'me' })
      const dispatched = async (): Promise<unknown> => {
        const batch = new Batch([{ type: 'Thing', id: 'a', attempts: 0, dispatchedAt: 0, events: [stored] }], true)
        const work = batch.works.get(entityKey('Thing', 'a'))
        await inDispatch({ batch, work }, async () => events.store([event('b', LONG)]))
        return committer.write(batch)
      }
      const waiting = async (): Promise<unknown> =>
        database.query(sql('SELECT id FROM entities WHERE last_at > dispatched_at ORDER BY id'))

      await leave(opened, 0)
      await expectFull(dispatched(), folder)
      expect(await waiting()).to.deep.equal([{ id: 'a' }])
      expect(await events.since('Thing', 'b')).to.deep.equal([])

      await leave(opened, FREE)
      await dispatched()
      expect(await waiting()).to.deep.equal([{ id: 'b' }])
      expect(await events.since('Thing', 'b')).to.have.length(1)
      await opened.close()
    })
  })
})

/** Lets the file grow by so many pages: the next one is refused as a full disk refuses it. */
async function leave({ database }: Opened, pages: number): Promise<void> {
  const [[{ page_count: count }]] = await database.transaction([sql('PRAGMA page_count')])
  await database.transaction([sql(`PRAGMA max_page_count = ${Math.min(FREE, Number(count) + pages)}`)])
}

async function expectFull(work: Promise<unknown>, folder: string): Promise<void> {
  const { message, at, hint, retryable } = await refusal(work, 'STORAGE_UNAVAILABLE')
  expect(message).to.include('the disk is full')
  expect([at, hint, retryable]).to.deep.equal([
    join(folder, STORE_FILE),
    'Free some space on it. The service then continues without a restart.',
    true,
  ])
}
