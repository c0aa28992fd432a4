import { expect } from 'chai'
import { isStuck } from '../../src/operate/health'

const STUCK = { ready: 3, consumers: 1, room: 7, quietMs: 1001 }

describe('a queue', () => {
  it('is stuck where it has something for its only reader, and nothing comes for long', () => {
    expect(isStuck(STUCK, 1000)).to.equal(true)
    expect(isStuck({ ...STUCK, consumers: 0 }, 1000)).to.equal(true)
  })

  const others: readonly (readonly [string, Partial<typeof STUCK>])[] = [
    ['something came a moment ago', { quietMs: 1000 }],
    ['it is empty', { ready: 0 }],
    ['its reader is full', { room: 0 }],
    ['another replica may have it', { consumers: 2 }],
  ]
  for (const [why, seen] of others) {
    it(`is not where ${why}`, () => expect(isStuck({ ...STUCK, ...seen }, 1000)).to.equal(false))
  }
})
