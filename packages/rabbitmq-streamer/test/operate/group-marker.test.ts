import { assert, boolean, constant, oneof, property, string, uuid } from 'fast-check'
import { expect } from 'chai'
import { alternateOf, markedIn } from '../../src/operate/group-marker'

const answer = (current: string): string =>
  `PRECONDITION_FAILED - inequivalent arg 'alternate-exchange' for exchange 'shop.posts.owner' in vhost '/': received none but current is ${current}`

describe('what a marker of RabbitMQ says', () => {
  it('is read from its answer as it was written, whatever the names are', () => {
    const plain = string({ minLength: 1, maxLength: 40 })
    assert(
      property(oneof(uuid(), plain), oneof(plain, constant('blog.eu')), boolean(), (stateId, group, hasLeft) => {
        if (group.includes("'")) return
        const written = answer(`the value '${alternateOf(group, { stateId, hasLeft })}' of type 'longstr'`)
        expect(markedIn(written)).to.deep.equal({ stateId, hasLeft })
      })
    )
  })

  it('is short for the ids that states have', () => {
    const stateId = '0190b2f6-6f5e-7000-8000-000000000001'
    expect(alternateOf('blog-production', { stateId, hasLeft: true })).to.have.length('blog-production'.length + 29)
  })

  it('is unknown where the answer ends before it, and nobody where there is nothing', () => {
    expect(markedIn(`${answer("the value 'shop.uAZ").slice(0, 252)}...`)).to.deep.equal({ hasLeft: false })
    expect(markedIn(answer('none'))).to.deep.equal({ hasLeft: true })
    expect(markedIn(answer("the value 'made-by-hand' of type 'longstr'"))).to.deep.equal({ hasLeft: false })
    expect(markedIn("NOT_FOUND - no exchange 'x' in vhost '/'")).to.equal(undefined)
  })
})
