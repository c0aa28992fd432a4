import { expect } from 'chai'
import { revive } from '../../src/booster/fields/revive'
import { bytesOf } from '../../src/booster/fields/wire-bytes'

const T = '2026-11-29T01:02:03.004Z'
const AT = new Date(T)

describe('what a schema’s plan makes of a valid value', () => {
  it('is a Date, a bigint and bytes, wherever they are, and nothing that came is written to', () => {
    const value = Object.freeze({ at: T, n: 7, more: Object.freeze([Object.freeze({ b: 'AQI=' }), 1]), same: 'x' })
    const plan = { fields: { at: 'Date', n: 'bigint', more: { first: [{ fields: { b: 'bytes' } }] } } } as const
    expect(revive(value, plan, {})).to.deep.equal({ at: AT, n: 7n, more: [{ b: Buffer.from([1, 2]) }, 1], same: 'x' })
  })

  it('leaves what is decoded already, and what is not there', () => {
    const bytes = new Uint8Array([1])
    const value = { at: AT, n: 9_007_199_254_740_993n, b: bytes }
    const plan = { fields: { at: 'Date', n: 'bigint', b: 'bytes', none: 'Date' } } as const
    expect(revive(value, plan, {})).to.equal(value)
    const inherited = { fields: { toString: 'Date' } } as const
    expect(revive({ constructor: 1 }, inherited, {})).to.deep.equal({ constructor: 1 })
  })

  it('goes through types that contain themselves, and through what an object holds beside its fields', () => {
    const plans = { Node: { fields: { at: 'Date', next: { ref: 'Node' } } } } as const
    const nested = { at: T, next: { at: T, next: { at: T } } }
    expect(revive(nested, { ref: 'Node' }, plans)).to.deep.equal({ at: AT, next: { at: AT, next: { at: AT } } })
    expect(revive({ a: T, b: T }, { fields: { b: { choice: {} } }, others: 'Date' }, {})).to.deep.equal({ a: AT, b: T })
  })

  it('tells apart what may stand at one place', () => {
    const objects = [{ when: { kind: 'at' }, plan: { fields: { at: 'Date' } } }, { when: { kind: 'text' } }] as const
    const plan = { choice: { text: 'Date', number: 'bigint', list: { rest: 'Date' }, objects } } as const
    const all = [T, 7, [T], { kind: 'at', at: T }, { kind: 'text', at: T }, null, true]
    const seen = [AT, 7n, [AT], { kind: 'at', at: AT }, { kind: 'text', at: T }, null, true]
    expect(all.map((one) => revive(one, plan, {}))).to.deep.equal(seen)
  })

  it('changes an object of a class itself', () => {
    class Order {
      #secret = 1
      public constructor(public at: unknown) {}
      public get secret(): number {
        return this.#secret
      }
    }
    const order = new Order(T)
    expect(revive(order, { fields: { at: 'Date' } }, {})).to.equal(order)
    expect([order.at, order.secret]).to.deep.equal([AT, 1])
  })
})

describe('bytes on the wire', () => {
  it('are bytes, or base64 with its padding', () => {
    expect(bytesOf('AQI=')).to.deep.equal(Buffer.from([1, 2]))
    expect(bytesOf('')).to.deep.equal(Buffer.alloc(0))
    expect(bytesOf(JSON.parse(JSON.stringify(Buffer.from([1, 255]))))).to.deep.equal(Buffer.from([1, 255]))
    for (const data of [[256], [-1], [0.5], ['1'], 'AQI=', undefined])
      expect(bytesOf({ type: 'Buffer', data }), String(data)).to.equal(undefined)
    for (const none of ['A', 'AQI', 'AQ=I', 'AQ-_', ' AQI=', [1], null, { 0: 1 }])
      expect(bytesOf(none)).to.equal(undefined)
  })
})
