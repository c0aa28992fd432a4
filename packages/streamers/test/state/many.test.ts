import { expect } from 'chai'
import fc from 'fast-check'
import { parameters, pieces } from '../../src/state/sql/write/many'

describe('statements of many rows', () => {
  it('come in pieces that are the whole list in order, of few sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 1_000 }), (list) => {
        const all = pieces(list)
        expect(all.flat()).to.deep.equal(list)
        expect(all.filter(({ length }) => ![64, 16, 4, 1].includes(length))).to.deep.equal([])
      })
    )
  })

  it('number their parameters row by row, behind those before them', () => {
    expect(parameters(2, 3, { behind: 2 })).to.equal('(?3, ?4, ?5), (?6, ?7, ?8)')
    expect(parameters(2, 1, { behind: 0, further: `, 'x'` })).to.equal(`(?1, 'x'), (?2, 'x')`)
  })
})
