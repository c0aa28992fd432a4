import { expect } from 'chai'
import { isStuck } from '../../src/operate/health'

const STUCK = { ready: 3, hasRoom: true, quietMs: 1001 }

describe('a queue', () => {
  it('is stuck where it has something, its reader has room, and nothing comes for long', () => {
    expect(isStuck(STUCK, 1000)).to.equal(true)
  })

  for (const [why, seen] of [
    ['something came a moment ago', { quietMs: 1000 }],
    ['it is empty', { ready: 0 }],
    ['its reader is full', { hasRoom: false }],
  ] as const) {
    it(`is not where ${why}`, () => expect(isStuck({ ...STUCK, ...seen }, 1000)).to.equal(false))
  }
})
