import './support/environment'
import { SilentServer } from '@boostercloud/streamer-testkit/conformance'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { freshState, owner } from './support/tables'

describe('a DynamoDB that takes connections and never answers', () => {
  it('is given up on in time, with no connection left', async () => {
    const silent = await SilentServer.listen()
    try {
      const state = freshState(`http://127.0.0.1:${silent.port}`, { timeoutMs: 100 })
      await rejection(state.open(owner), 'STORAGE_UNAVAILABLE')
      expect(silent.connectionsSeen).to.be.at.least(1)
      await eventually(() => silent.connections === 0)
    } finally {
      await silent.close()
    }
  })
})
