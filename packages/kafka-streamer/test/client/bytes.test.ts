import { expect } from 'chai'
import fc from 'fast-check'
import { Answer } from '../../src/client/protocol/answer'
import { noteFrom, noteText } from '../../src/wire/position-note'
import { Question } from '../../src/client/protocol/question'

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url'))
const NONE = Buffer.alloc(16).toString('base64url')

describe('what is written to brokers and read of them', () => {
  it('is read as what was written', () => {
    const things = fc.record({
      byte: fc.integer({ min: -128, max: 127 }),
      number: fc.integer(),
      offset: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      length: fc.nat(),
      text: fc.string({ maxLength: 300 }),
      ids: fc.array(id),
    })
    fc.assert(
      fc.property(things, ({ byte, number, offset, length, text, ids }) => {
        const question = new Question().int8(byte).int32(number).int64(String(offset)).varint(length).compactText(text)
        question.compactList(ids, (each) => question.uuid(each).noTags()).int16(7)
        const answer = new Answer(question.bytes)
        expect([answer.int8(), answer.int32(), answer.int64()]).to.deep.equal([byte, number, String(offset)])
        expect([answer.varint(), answer.compactBytes().toString()]).to.deep.equal([
          length,
          Buffer.from(text).toString(),
        ])
        const read = answer.compactList(() => {
          const each = answer.uuid()
          answer.tags()
          return each ?? NONE
        })
        expect(read).to.deep.equal(ids)
        expect(answer.int16()).to.equal(7)
      })
    )
  })

  it('is passed over where it is a tagged field that nobody here knows', () => {
    const tagged = new Question().varint(2).varint(0).compactText('unknown').varint(300).compactText('').int16(5)
    // A tagged field has its length before it, which is that of a compact text, less one.
    const bytes = Buffer.from(tagged.bytes)
    bytes[2] = 'unknown'.length
    bytes[bytes.length - 3] = 0
    const answer = new Answer(bytes)
    answer.tags()
    expect(answer.int16()).to.equal(5)
  })

  it('is refused, never read on without an end, where it is anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const answer = new Answer(Buffer.from(bytes))
        const read = (): unknown[] => answer.compactList(() => [answer.uuid(), answer.tags(), answer.compactBytes()])
        try {
          read()
        } catch (thrown) {
          expect(thrown).to.be.instanceOf(RangeError)
        }
      })
    )
  })
})

describe('what is noted beside a position', () => {
  it('is read as what was noted', () => {
    const some = fc.option(fc.string({ minLength: 1, maxLength: 36 }), { nil: undefined })
    fc.assert(
      fc.property(some, some, (topicId, stateId) => {
        const known = { ...(topicId && { topicId }), ...(stateId && { stateId }) }
        expect(noteFrom(noteText({ topicId, stateId }))).to.deep.equal(known)
      })
    )
  })

  it('says nothing where somebody else has noted something, or nobody anything', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(noteFrom(`x${text}`)).to.deep.equal({})))
    for (const text of [null, undefined, '', 'null', '5', '{"topicId":5}']) expect(noteFrom(text)).to.deep.equal({})
  })

  it('fits into what brokers take, with ids of any length that there is', () => {
    expect(noteText({ topicId: 'x'.repeat(22), stateId: 'y'.repeat(36) }).length).to.be.below(200)
  })
})
