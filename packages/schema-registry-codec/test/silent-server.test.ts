import { SilentServer } from '@boostercloud/streamer-testkit/conformance'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { avro } from '../src'
import { withSchemaId } from '../src/codec/wire-format'
import { bare, failureOf } from './support/messages'

describe('a registry that takes connections and never answers', () => {
  it('is given up on in time, with no connection left, at each try', async () => {
    const silent = await SilentServer.listen()
    try {
      const codec = avro({ registry: { url: `http://127.0.0.1:${silent.port}`, timeoutMs: 100 } })
      for (const id of [1, 2, 3]) {
        await failureOf(() => codec.decode(bare(withSchemaId(id, Buffer.of(0)))), 'STREAMER_UNAVAILABLE')
      }
      expect(silent.connectionsSeen).to.be.at.least(3)
      await eventually(() => silent.connections === 0)
    } finally {
      await silent.close()
    }
  })
})
