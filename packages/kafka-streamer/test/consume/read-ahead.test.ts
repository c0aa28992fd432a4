import { expect } from 'chai'
import fc from 'fast-check'
import type { ReadRecord } from '../../src/wire'
import { PartitionState } from '../../src/consume/partition-state'
import { ReadAhead } from '../../src/consume/read-ahead'
import type { Stretch } from '../../src/consume/read-ahead'

const recordsFrom = (first: number, count: number): ReadRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    offset: String(first + index),
    timestamp: '0',
    key: null,
    value: Buffer.alloc(10),
  }))

const offsetsOf = (taken: readonly Stretch[]): number[] =>
  taken.flatMap(({ records }) => records.map(({ offset }) => Number(offset)))

describe('what was read ahead', () => {
  it('comes out once, in order, whatever overlaps, however much is taken, and what is put back comes again', () => {
    const batch = fc.record({
      again: fc.nat(5),
      count: fc.nat(8),
      most: fc.integer({ min: 1, max: 9 }),
      back: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 30 }), (batches) => {
        const readAhead = new ReadAhead(1_000_000)
        const partition = new PartitionState(0)
        const out: number[] = []
        let next = 0
        for (const { again, count, most, back } of batches) {
          const first = Math.max(0, next - again)
          next = Math.max(next, first + count)
          readAhead.add(partition, { partition: 0, records: recordsFrom(first, count), next: first + count, end: next })
          if (back) readAhead.putBack(readAhead.take(most))
          const taken = readAhead.take(most)
          expect(offsetsOf(taken).length).to.be.at.most(most)
          out.push(...offsetsOf(taken))
          for (const { records, next: upTo } of taken)
            expect(upTo).to.equal(Number(records[records.length - 1]?.offset) + 1)
        }
        out.push(...offsetsOf(readAhead.take(next)))
        expect(out).to.deep.equal(Array.from({ length: next }, (_, offset) => offset))
        expect(readAhead.size).to.equal(0)
        expect(partition.open, 'open').to.equal(next)
      })
    )
  })

  it('settles what follows the last record of a batch with that record, and not before', () => {
    const readAhead = new ReadAhead(1_000_000)
    readAhead.add(new PartitionState(0), { partition: 0, records: recordsFrom(0, 4), next: 9, end: 9 })
    expect(readAhead.take(3).map(({ next }) => next)).to.deep.equal([3])
    expect(readAhead.take(3).map(({ next }) => next)).to.deep.equal([9])
  })

  it('forgets what was taken away, and has room again', () => {
    const readAhead = new ReadAhead(1_000)
    const [lost, kept] = [new PartitionState(0), new PartitionState(1)]
    readAhead.add(lost, { partition: 0, records: recordsFrom(0, 4), next: 4, end: 4 })
    readAhead.add(kept, { partition: 1, records: recordsFrom(7, 2), next: 9, end: 9 })
    expect(readAhead.hasRoom).to.equal(false)
    lost.isLost = true
    readAhead.dropLost()
    expect(readAhead.hasRoom).to.equal(true)
    const taken = readAhead.take(10)
    expect(taken.map(({ partition }) => partition.id)).to.deep.equal([1])
    expect(offsetsOf(taken)).to.deep.equal([7, 8])
    lost.isLost = false
    kept.isLost = true
    readAhead.putBack(taken)
    expect(readAhead.size).to.equal(0)
  })
})
