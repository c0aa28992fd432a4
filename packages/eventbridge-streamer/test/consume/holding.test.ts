import { expect } from 'chai'
import { Holding } from '../../src/consume/holding'

function filled(count: number): Holding {
  const holding = new Holding()
  for (let n = 1; n <= count; n += 1)
    holding.add({ MessageId: `m${n}`, Body: `${n}`, ReceiptHandle: `r${n}` }, 1000 + n)
  return holding
}

function handedOut(holding: Holding, count: number): string[] {
  return holding.handOut(holding.next(count)) as string[]
}

describe('what is held', () => {
  it('is handed out once, and settled up to a mark', () => {
    const holding = filled(5)
    const ids = handedOut(holding, 4)
    expect([holding.readAhead, holding.unsettled, holding.size]).to.deep.equal([1, 4, 5])
    expect(holding.settle(ids[1])).to.equal(true)
    for (const id of [
      ids[1],
      ids[0],
      'of-nobody',
      ids[3].replace(/^./, (c) => (c === 'a' ? 'b' : 'a')),
      `${ids[3]}0`,
    ]) {
      expect(holding.settle(id), id).to.equal(false)
    }
    expect(holding.settled.map(({ messageId }) => messageId)).to.deep.equal(['m1', 'm2'])
    expect([holding.unsettled, holding.next(9).length]).to.deep.equal([2, 1])
  })

  it('takes a message that comes twice as one, by its newest receipt', () => {
    const holding = filled(1)
    holding.add({ MessageId: 'm1', Body: '1', ReceiptHandle: 'newer' }, 9000)
    const [id, ...others] = handedOut(holding, 9)
    expect(others).to.deep.equal([])
    holding.settle(id)
    const [{ receipt, messageId }] = holding.settled
    expect(receipt).to.equal('newer')
    holding.add({ MessageId: 'm1', Body: '1', ReceiptHandle: 'newest' }, 9000)
    holding.forget([{ messageId, receipt }])
    expect(holding.settled.map((held) => held.receipt)).to.deep.equal(['newest'])
    holding.forget(holding.settled)
    expect([holding.settled.length, holding.size]).to.deep.equal([0, 0])
  })

  it('is lost to others with its ID, and may come again', () => {
    const holding = filled(4)
    const ids = handedOut(holding, 2)
    const taken = holding.next(2)
    expect(holding.endingBefore(1003).map(({ messageId }) => messageId)).to.deep.equal(['m1', 'm2'])
    expect(holding.lose(new Set(['m2', 'm3']))).to.deep.equal([ids[1]])
    expect(holding.handOut(taken)[0]).to.equal(undefined)
    expect([holding.readAhead, holding.unsettled]).to.deep.equal([0, 2])
    holding.add({ MessageId: 'm2', Body: '2', ReceiptHandle: 'again' }, 5000)
    const [again] = handedOut(holding, 9)
    expect(again).not.to.equal(ids[1])
    holding.settle(again)
    expect(holding.settled.map(({ messageId }) => messageId)).to.deep.equal(['m1', 'm4', 'm2'])
  })
})
