import { expect } from 'chai'
import { array, assert as hold, integer, nat, property } from 'fast-check'
import { batchesOf, eachOf } from '../../src/client/batches'
import { sizeOf } from '../../src/wire/entry'

describe('requests', () => {
  it('hold every entry once, in order, as many as fit and no more', () => {
    const sizes = array(integer({ min: 1, max: 150 }), { maxLength: 60 })
    hold(
      property(sizes, nat(200), (all, bytes) => {
        const batches = batchesOf(all, { count: 10, bytes })
        const sums = batches.map((batch) => batch.reduce((sum, index) => sum + all[index], 0))
        expect(batches.flat()).to.deep.equal(all.map((_, index) => index))
        batches.forEach((batch, n) => {
          expect(batch.length).to.be.within(1, 10)
          expect(batch.length === 1 || sums[n] <= bytes, 'it fits').to.equal(true)
          const next = batches[n + 1]
          if (next) expect(batch.length === 10 || sums[n] + all[next[0]] > bytes, 'it is full').to.equal(true)
        })
      })
    )
  })

  it('count an entry as AWS does', () => {
    expect(sizeOf({ Source: 'posts', DetailType: 'Łódź', Detail: '{}' })).to.equal(5 + 7 + 2)
    expect(sizeOf({ Time: new Date(), Source: 'a', DetailType: 'b', Resources: ['ü', 'x'] })).to.equal(
      14 + 1 + 1 + 2 + 1
    )
  })

  it('go out so many at once', async () => {
    let [now, most] = [0, 0]
    const done: number[] = []
    await eachOf([0, 1, 2, 3, 4, 5, 6], 3, async (n) => {
      most = Math.max(most, (now += 1))
      await new Promise((resolve) => setImmediate(resolve))
      now -= 1
      done.push(n)
    })
    expect(most).to.equal(3)
    expect(done.sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6])
  })
})
