import { json } from '@boostercloud/streamer-connector'
import type { DecodedEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { pack, packEvent, unpack, unpackEvent } from '../../src/state'

describe('what is parked', () => {
  it('keeps whole numbers beyond 2^53, as an outcome does', () => {
    const body = Buffer.from(
      '{"id":9223372036854775807,"list":[1,-18446744073709551616],"at":{"n":12345678901234567890}}'
    )
    const { payload } = json.decode({ body, attributes: {}, headers: {} }) as DecodedEvent
    const event = { streamerId: 'main', eventPayload: payload, metadata: { raw: body } }
    const kept = unpackEvent(packEvent(event))
    expect(kept.eventPayload).to.deep.equal({
      id: 2n ** 63n - 1n,
      list: [1, -(2n ** 64n)],
      at: { n: 12345678901234567890n },
    })
    expect(Buffer.from(kept.metadata?.raw ?? []).equals(body)).to.equal(true)
    expect(unpack(pack({ envelopes: [{ value: payload }] }))).to.deep.equal({ envelopes: [{ value: payload }] })
  })
})
