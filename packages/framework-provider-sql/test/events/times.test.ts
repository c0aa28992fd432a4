import { expect } from 'chai'
import * as fc from 'fast-check'
import { microsOf, timeOf } from '../../src/events/times'

describe('the times of events', () => {
  const micros = fc.integer({ min: 0, max: 4_000_000_000_000_000 })

  it('are read as they are written', () => {
    fc.assert(fc.property(micros, (time) => microsOf(timeOf(time)) === time))
  })

  it('are in the order of their texts', () => {
    fc.assert(fc.property(micros, micros, (one, other) => one < other === timeOf(one) < timeOf(other)))
  })

  it('are times for JavaScript', () => {
    fc.assert(fc.property(micros, (time) => Date.parse(timeOf(time)) === Math.floor(time / 1_000)))
  })

  it('may be told in milliseconds, which are the first or the last of their microseconds', () => {
    expect(microsOf('1970-01-01T00:00:00.001Z')).to.equal(1_000)
    expect(microsOf('1970-01-01T00:00:00.001Z', true)).to.equal(1_999)
    expect(microsOf('1970-01-01T00:00:01Z')).to.equal(1_000_000)
    expect(microsOf('1970-01-01T00:00:00.0012Z')).to.equal(1_200)
  })

  it('are refused where they are none', () => {
    expect(() => microsOf('yesterday')).to.throw(TypeError, /yesterday/)
  })
})
