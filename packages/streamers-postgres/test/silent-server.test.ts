import './support/environment'
import { SilentServer } from '@boostercloud/streamer-testkit/conformance'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { freshState, owner } from './support/schema'

describe('a PostgreSQL that takes connections and never answers', () => {
  it('is given up on in time, with no connection left, at each try', async () => {
    const silent = await SilentServer.listen()
    try {
      const state = freshState(`postgres://somebody@127.0.0.1:${silent.port}/shop`, { timeoutMs: 100 })
      for (let tries = 0; tries < 3; tries += 1) await rejection(state.open(owner), 'STORAGE_UNAVAILABLE')
      expect(silent.connectionsSeen).to.be.at.least(3)
      await eventually(() => silent.connections === 0)
    } finally {
      await silent.close()
    }
  })
})
