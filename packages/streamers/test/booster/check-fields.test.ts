import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { eventOfFields } from '../../src/booster/fields/check-fields'

/** A class as one compiled without Booster's plugin is. What the plugin says of fields is tested with the plugin, in test/field-shapes.test.ts. */
class Plain {
  public readonly currency: string = 'EUR'

  public method(): void {
    return
  }
}

const unexpected = (text: string): void => {
  throw new Error(text)
}

describe('an event made of fields from outside', () => {
  it('has them and its class’s own, and takes anything where the plugin has not seen the class', () => {
    const event = eventOfFields(Plain, { a: 1 }, 'main/posts', unexpected)
    expect(event).to.be.instanceOf(Plain)
    expect({ ...event }).to.deep.equal({ a: 1, currency: 'EUR' })
  })

  it('keeps its class, whatever the fields are called', () => {
    const fields = JSON.parse('{ "__proto__": { "currency": "evil" } }') as object
    expect(eventOfFields(Plain, fields, 'main/posts', unexpected))
      .to.be.instanceOf(Plain)
      .and.have.property('currency', 'EUR')
  })

  for (const name of ['method', 'constructor', 'toString', 'hasOwnProperty']) {
    it(`is none with a field in the place of ${name}`, () => {
      try {
        eventOfFields(Plain, { [name]: 'x' }, 'main/posts', unexpected)
        expect.fail('It was taken.')
      } catch (error) {
        expect(isStreamerError(error, 'EVENT_MISMATCH'), String(error)).to.equal(true)
        expect((error as Error).message).to.contain(`the method ${name}`)
      }
    })
  }

  it('writes nothing to what it is made of', () => {
    const fields = Object.freeze({ list: Object.freeze([1]), currency: 'USD' })
    expect({ ...eventOfFields(Plain, fields, 'main/posts', unexpected) }).to.deep.equal(fields)
  })
})
