import { expect } from 'chai'
import type { Connection, Notices } from '../../src/client'
import { CompetingPolling } from '../../src/consume/competing'
import { OrderedPolling } from '../../src/consume/ordered'
import { settingsFrom } from '../../src/options'

describe('a poll that was called before close, and gets its connection after it', () => {
  /** Whoever begins anything on it fails. */
  const [connection, notices] = [{} as Connection, {} as Notices]
  const settings = settingsFrom({ servers: '127.0.0.1', stream: 'events' })
  const from = { topic: 'posts', decode: () => Promise.reject(new Error('nothing was read')) }

  for (const [name, polling] of [
    ['competing', new CompetingPolling(connection, settings, 'group', notices)],
    ['in order', new OrderedPolling(connection, settings, notices)],
  ] as const) {
    it(`begins to read nothing, and leaves no timer that keeps the process (${name})`, async () => {
      await polling.close()
      expect(await polling.poll(from, undefined)).to.deep.equal([])
    })
  }
})
