import { expect } from 'chai'
import fc from 'fast-check'
import { Tally, voidReason } from '../../bench/measure/tally'
import { EVENT_BYTES, eventNumber, failsOnce } from '../../bench/measure/workload'

function verdictOf(handled: readonly number[], published: number, keys = 3) {
  const tally = new Tally()
  for (const n of handled) tally.add(`key-${n % keys}`, n)
  return tally.verdict(published, (n) => `key-${n % keys}`)
}

describe('the tally of the bench', () => {
  it('finds nothing wrong where keys are interleaved in any way and each stays in order', () => {
    const interleaved = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 })
    fc.assert(
      fc.property(interleaved, (order) => {
        const next = new Map<number, number>()
        const handled = order.map((n) => {
          const key = n % 3
          const turn = next.get(key) ?? 0
          next.set(key, turn + 1)
          return key + 3 * turn
        })
        const verdict = verdictOf(handled, 9)
        expect(verdict).to.deep.equal({ handled: 9, lost: 0, waiting: 0, doubled: 0, reordered: 0 })
        expect(voidReason(verdict)).to.equal(undefined)
      })
    )
  })

  it('counts what was lost, what may still come, what was doubled and what was reordered', () => {
    const verdict = verdictOf([0, 3, 1, 1, 4, 9, 8, 5], 12)
    expect(verdict).to.deep.equal({ handled: 7, lost: 2, waiting: 3, doubled: 1, reordered: 1 })
    expect(voidReason(verdict)).to.equal('2 lost, 1 doubled, 1 reordered')
  })

  it('does not call an event that comes again late out of order as well', () => {
    expect(verdictOf([0, 3, 0], 4)).to.include({ doubled: 1, reordered: 0 })
  })
})

describe('the workload of the bench', () => {
  it('has events of one size', () => {
    for (const n of [0, 7, 99_999, 12_345_678]) expect(JSON.stringify(eventNumber(n))).to.have.lengthOf(EVENT_BYTES)
  })

  it('fails one in a hundred, of each entity', () => {
    const failing = Array.from({ length: 10_000 }, (_, n) => n).filter((n) => failsOnce(n, 100))
    expect(failing).to.have.lengthOf(100)
    expect(new Set(failing.map((n) => eventNumber(n).entity)).size).to.equal(100)
    expect(failsOnce(99, 0)).to.equal(false)
  })
})
