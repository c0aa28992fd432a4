import { expect } from 'chai'
import fc from 'fast-check'
import { HandedOut } from '@boostercloud/streamer-connector'

/** Hands out items one after another, each with so many events; answers the IDs, and whose each is. */
function handOut(handedOut: HandedOut<number>, counts: readonly number[]): { ids: string[]; owners: number[] } {
  const ids = counts.flatMap((count, item) => handedOut.add(item, count))
  return { ids, owners: counts.flatMap((count, item) => Array.from({ length: count }, () => item)) }
}

const counts = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 })

describe('what was handed out', () => {
  it('is settled in hand-out order, whatever IDs come back in whatever order', () => {
    fc.assert(
      fc.property(counts, fc.array(fc.nat()), (each, marks) => {
        const handedOut = new HandedOut<number>()
        const { ids, owners } = handOut(handedOut, each)
        let highest = 0
        for (const mark of marks.map((one) => (one % Math.max(1, ids.length)) + 1).slice(0, ids.length && Infinity)) {
          const told: number[] = []
          const tell = (item: number, count: number): void => {
            for (let n = 0; n < count; n += 1) told.push(item)
          }
          expect(handedOut.settle(ids[mark - 1], tell)).to.equal(mark > highest)
          expect(told).to.deep.equal(owners.slice(highest, mark))
          highest = Math.max(highest, mark)
          expect([handedOut.settledTo, handedOut.size]).to.deep.equal([highest, ids.length - highest])
          expect(handedOut.items).to.deep.equal([...new Set(owners.slice(highest))])
        }
      })
    )
  })

  it('says nothing for IDs of others, or that were not handed out', () => {
    const [one, other] = [new HandedOut<number>(), new HandedOut<number>()]
    const { ids } = handOut(one, [2])
    handOut(other, [2])
    const [session] = ids[0].split(':')
    for (const id of [ids[0], '', 'x', 'of-nobody', '0', `${session}:7`, `${session}:1`]) {
      expect(other.settle(id), id).to.equal(false)
    }
    for (const id of [`${session}:3`, `${session}:0`, `${session}:01`, `${session}:1e0`, `${ids[1]}0`]) {
      expect(one.settle(id), id).to.equal(false)
    }
    expect(one.size).to.equal(2)
  })

  it('is lost by item, with the IDs of what was not settled, and the others go on', () => {
    fc.assert(
      fc.property(counts, fc.nat(), fc.nat({ max: 3 }), (each, mark, lost) => {
        const handedOut = new HandedOut<number>()
        const { ids, owners } = handOut(handedOut, each)
        const settled = ids.length === 0 ? 0 : mark % (ids.length + 1)
        if (settled > 0) handedOut.settle(ids[settled - 1])
        const isLost = (item: number): boolean => item % 4 === lost
        const open = ids.filter((_, index) => index >= settled)
        expect(handedOut.lose(isLost)).to.deep.equal(open.filter((id) => isLost(owners[ids.indexOf(id)])))
        const left = owners.slice(settled).filter((item) => !isLost(item))
        expect(handedOut.size).to.equal(left.length)
        const told: number[] = []
        if (settled < ids.length) {
          handedOut.settle(ids[ids.length - 1], (item, count) =>
            told.push(...Array.from({ length: count }, () => item))
          )
        }
        expect(told).to.deep.equal(left)
        expect(handedOut.size).to.equal(0)
      })
    )
  })
})
