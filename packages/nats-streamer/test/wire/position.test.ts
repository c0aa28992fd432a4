import { expect } from 'chai'
import fc from 'fast-check'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { formatPosition, parsePosition, streamIdOf } from '../../src/wire/position'

const streamId = fc.stringMatching(/^[1-9][0-9]{0,19}$/)

describe('a position', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(streamId, fc.maxSafeNat(), (id, sequence) => {
        expect(parsePosition(formatPosition({ streamId: id, sequence }))).to.deep.equal({ streamId: id, sequence })
      })
    )
  })

  it('is refused in any other form, whatever it is', () => {
    const almost = fc.tuple(
      streamId,
      fc.constantFrom('', ':', ';'),
      fc.constantFrom('', '-1', '01', '1.0', '1e3', '9007199254740992', ' 1')
    )
    const texts = fc.oneof(
      fc.string(),
      almost.map((parts) => parts.join(''))
    )
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(formatPosition(parsePosition(text))).to.equal(text)
        } catch (thrown) {
          expect(isStreamerError(thrown, 'OPTION_INVALID'), String(thrown)).to.equal(true)
        }
      })
    )
  })

  it('knows a stream by when it was made, to the nanosecond, in any time zone', () => {
    const written = {
      '2026-11-21T08:41:01.123456789Z': '1795250461123456789',
      '2026-11-21T08:41:01.12345678Z': '1795250461123456780',
      '2026-11-21T09:41:01.123456789+01:00': '1795250461123456789',
      '2026-11-21T08:41:01Z': '1795250461000000000',
    }
    expect(Object.keys(written).map(streamIdOf)).to.deep.equal(Object.values(written))
  })
})
