import { expect } from 'chai'
import fc from 'fast-check'
import { UUID } from '@boostercloud/framework-types'
import { cloudEvents, copyOf, metadataOf, stamped } from '../src'
import type { WireMessage } from '../src'
import { fields } from './support/arbitraries'

class Money {
  readonly #cents: number

  public constructor(cents: number) {
    this.#cents = cents
  }

  public get euros(): number {
    return this.#cents / 100
  }

  public toJSON(): { cents: number } {
    return { cents: this.#cents }
  }
}

class Line {
  public constructor(
    public sku: string,
    public count: number
  ) {}

  public get double(): number {
    return this.count * 2
  }
}

class Ordered {
  public readonly at = new Date(1_000)
  public readonly orderId = UUID.generate()
  public readonly lines = [new Line('a', 1), new Line('b', 2)]
  public readonly bytes = Buffer.from('abc')
  public readonly large = 2n ** 70n
  public readonly total = new Money(150)
  public readonly extra: Record<string, unknown> = { nested: { deep: [1] }, none: null, missing: undefined }

  public entityID(): UUID {
    return this.orderId
  }
}

/** As an event of this class goes onto the wire. */
function wire(event: object): string {
  const metadata = { id: 'i', type: 'Ordered', source: 's', time: '2026-01-01T00:00:00.000Z' }
  return Buffer.from((cloudEvents.encode(event, metadata) as WireMessage).body).toString()
}

describe('a copy of an event', () => {
  it('has the same classes and goes onto the wire as the same bytes', () => {
    const event = new Ordered()
    const copy = copyOf(event)
    expect(copy).to.not.equal(event)
    expect(copy).to.be.instanceOf(Ordered)
    expect(copy.lines[0]).to.be.instanceOf(Line)
    expect(copy.lines[0].double).to.equal(2)
    expect(copy.entityID()).to.equal(event.orderId)
    expect(wire(copy)).to.equal(wire(event))
    expect(wire(stamped(copy, { id: 'x' }))).to.equal(wire(event))
  })

  it('shows nothing of what is done to the original, however deep, and the other way round', () => {
    const event = new Ordered()
    const before = wire(event)
    const copy = copyOf(event)
    copy.lines.shift()
    copy.extra.nested = undefined
    copy.at.setTime(5)
    copy.bytes[0] = 0
    expect(wire(event)).to.equal(before)
    const other = copyOf(event)
    event.lines[0].count = 9
    event.bytes.fill(0)
    ;(event.extra.nested as { deep: number[] }).deep.push(2)
    event.at.setTime(7)
    expect(wire(other)).to.equal(before)
  })

  it('keeps the JSON form that a class makes of private fields', () => {
    const copy = copyOf({ total: new Money(150) })
    expect(JSON.stringify(copy)).to.equal('{"total":{"cents":150}}')
    expect(JSON.stringify(stamped(copyOf(new Money(7)), {}))).to.equal('{"cents":7}')
  })

  it('is made of frozen events, and of fields that a class or every object has under their names', () => {
    const named = JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":"text","double":3}') as object
    const line = Object.freeze(Object.assign(Object.create(Line.prototype) as Line, { sku: 'a' }))
    Object.defineProperty(named, 'line', { value: line, enumerable: true })
    const copy = copyOf(named)
    expect(JSON.stringify(copy)).to.equal(JSON.stringify(named))
    expect(Object.getPrototypeOf(copy)).to.equal(Object.prototype)
    expect((copy as { polluted?: boolean }).polluted).to.equal(undefined)
    const shadowed = Object.create(Line.prototype) as Line
    Object.defineProperty(shadowed, 'double', { value: 5, enumerable: true })
    expect(copyOf(shadowed).double).to.equal(5)
  })

  it('is equal to the original, for whatever JSON can hold', () => {
    fc.assert(
      fc.property(fields, (event) => {
        expect(copyOf(event)).to.deep.equal(event)
        expect(JSON.stringify(stamped(event, {}))).to.equal(JSON.stringify(event))
      })
    )
  })
})

describe('an event that is stamped', () => {
  it('is another object each time, and the one given is not written to', () => {
    const event = Object.freeze(new Ordered())
    const [one, other] = [stamped(event, { id: '1' }), stamped(event, { id: '2' })]
    expect([metadataOf(one)?.id, metadataOf(other)?.id, metadataOf(event)]).to.deep.equal(['1', '2', undefined])
  })
})
