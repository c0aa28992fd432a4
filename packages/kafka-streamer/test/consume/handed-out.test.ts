import { expect } from 'chai'
import fc from 'fast-check'
import type { ReadRecord } from '../../src/wire'
import { HandedOut } from '../../src/consume/handed-out'
import { PartitionState } from '../../src/consume/partition-state'

const recordAt = (offset: number): ReadRecord => ({ offset: String(offset), timestamp: '0', key: null, value: null })

/** Hands out records of these partitions, one after another; answers their IDs and partitions. */
function handOut(handedOut: HandedOut, order: readonly number[]): { ids: string[]; partitions: PartitionState[] } {
  const partitions = [0, 1, 2].map((id) => new PartitionState(id))
  const ids = order.map((id) => {
    const partition = partitions[id] as PartitionState
    partition.open += 1
    const offset = Math.max(0, partition.next)
    partition.next = offset + 1
    return handedOut.idOf(handedOut.add({ partition, records: [recordAt(offset)], next: partition.next }))
  })
  return { ids, partitions }
}

describe('what was handed out', () => {
  it('is settled in hand-out order through all partitions, whatever IDs come back in whatever order', () => {
    const order = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(order, fc.array(fc.nat()), (handed, marks) => {
        const handedOut = new HandedOut()
        const { ids, partitions } = handOut(handedOut, handed)
        let highest = -1
        for (const mark of marks.map((each) => each % ids.length)) {
          expect(handedOut.settle(ids[mark] as string)).to.equal(mark > highest)
          highest = Math.max(highest, mark)
          const settled = handed.slice(0, highest + 1)
          for (const { id, settled: upTo, open } of partitions) {
            const count = settled.filter((each) => each === id).length
            expect(upTo).to.equal(count === 0 ? -1 : count)
            expect(open).to.equal(handed.filter((each) => each === id).length - count)
          }
          expect(handedOut.idsOf(new Set(partitions))).to.deep.equal(ids.slice(highest + 1))
        }
      })
    )
  })

  it('says nothing for IDs of others', () => {
    const [one, other] = [new HandedOut(), new HandedOut()]
    const { ids } = handOut(one, [0, 1])
    handOut(other, [0, 1])
    for (const id of [ids[0] as string, '', 'x', 'of-nobody', '0', `${(ids[0] as string).split('-')[0]}-7`]) {
      expect(other.settle(id), id).to.equal(false)
    }
    expect(one.settle(`${(ids[0] as string).split('-')[0]}-2`), 'not handed out yet').to.equal(false)
  })

  it('tells the IDs of what was taken away, and of that alone', () => {
    const handedOut = new HandedOut()
    const { ids, partitions } = handOut(handedOut, [0, 1, 0, 1, 2])
    handedOut.settle(ids[0] as string)
    expect(handedOut.idsOf(new Set([partitions[0] as PartitionState]))).to.deep.equal([ids[2]])
  })
})
