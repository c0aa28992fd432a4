import { expect } from 'chai'
import { MUTANTS, mutantNamed, runMutant } from '../chaos/mutants'
import { summary } from '../chaos/report'

/** Those that show soon; `npm run chaos -- --mutants` runs them all. */
const QUICK = ['relay-reorders', 'dead-letter-holds-nothing', 'outcome-is-not-written', 'attempts-share-the-event']

describe("chaos's mutants", function () {
  this.timeout(300_000)

  for (const name of QUICK) {
    it(`${name} is caught`, async () => {
      const mutant = mutantNamed(name)
      const verdict = await runMutant(mutant, () => undefined)
      expect(verdict[mutant.shows], summary(verdict)).not.to.deep.equal([])
    })
  }

  it('break every guarantee that a run can show', () => {
    expect([...new Set(MUTANTS.map(({ guarantee }) => guarantee))]).to.deep.equal([1, 2, 3, 5, 6, 7, 8])
  })

  it('are known by their names', () => {
    expect(() => mutantNamed('nobody')).to.throw(/relay-drops/)
  })
})
