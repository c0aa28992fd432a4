import { expect } from 'chai'
import fc from 'fast-check'
import { formatPosition, newSession, parsePosition } from '../../src/wire/position'

describe('the ID of a delivery', () => {
  it('says its channel and tag', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (tag) => {
        const position = { session: newSession(), tag }
        expect(parsePosition(formatPosition(position))).to.deep.equal(position)
      })
    ))

  it('is of one channel only', () => {
    const sessions = Array.from({ length: 1000 }, newSession)
    expect(new Set(sessions).size).to.equal(1000)
  })

  it('is nothing else', () => {
    for (const id of ['', '1', '0123456789abcdef:0', '0123456789abcdef:1x', '0123456789ABCDEF:1', ':1']) {
      expect(parsePosition(id), id).to.equal(undefined)
    }
  })
})
