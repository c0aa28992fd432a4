import { expect } from 'chai'
import fc from 'fast-check'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { formatPosition, parsePosition } from '../../src/wire/position'

const logId = fc.stringMatching(/^[0-9a-f]{16}$/)

describe('a position', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(logId, fc.maxSafeNat(), (id, sequence) => {
        expect(parsePosition(formatPosition({ logId: id, sequence }))).to.deep.equal({ logId: id, sequence })
      })
    )
  })

  it('is refused in any other form, whatever it is', () => {
    const almost = fc.tuple(
      logId,
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
})
