import { expect } from 'chai'
import { assert as hold, dictionary, jsonValue, property, string } from 'fast-check'
import { memberText } from '../../src/wire/member-text'

describe('the text of a member', () => {
  it('is what stands there', () => {
    hold(
      property(dictionary(string(), jsonValue()), (object) => {
        for (const json of [JSON.stringify(object), JSON.stringify(object, null, 2)]) {
          for (const [name, value] of Object.entries(object)) {
            expect(JSON.parse(memberText(json, name) as string)).to.deep.equal(JSON.parse(JSON.stringify(value)))
          }
        }
        for (const name of Object.keys(object)) {
          expect(memberText(JSON.stringify(object), name)).to.equal(JSON.stringify(object[name]))
        }
      })
    )
  })

  it('keeps blanks and every digit, and is the last of two', () => {
    expect(memberText('{"a":1, "b" : { "n": 1.10000000000000000001 } }', 'b')).to.equal(
      '{ "n": 1.10000000000000000001 }'
    )
    expect(memberText('{"a":1,"\\u0061":[2,"]}"]}', 'a')).to.equal('[2,"]}"]')
    expect(memberText('{"x":{"a":1}}', 'a')).to.equal(undefined)
    expect(memberText('{}', 'a')).to.equal(undefined)
  })
})
