import { expect } from 'chai'
import fc from 'fast-check'
import { cloudEvents, sourceIdentity, sourceUri } from '../src'
import type { WireMessage } from '../src'

const STAYS = [
  'blog',
  'my%20shop',
  '/a/b?c=d#e',
  'urn:x:1',
  'https://acme.com/shop',
  'http://[::1]:80/a',
  'a.b~c',
  '//host/p',
  '1/a:b',
]
const ENCODED: Readonly<Record<string, string>> = {
  'my shop': 'my%20shop',
  Łódź: '%C5%81%C3%B3d%C5%BA',
  '100%': '100%25',
  'a[b]': 'a%5Bb%5D',
  '1a:b': '1a%3Ab',
  'a:': 'a%3A',
  '//': '%2F%2F',
  'http://': 'http%3A%2F%2F',
  'a#b#c': 'a%23b%23c',
  'a"<>\\^`{|}\n\u0000': 'a%22%3C%3E%5C%5E%60%7B%7C%7D%0A%00',
  'Shop: orders': 'Shop:%20orders',
}

describe('sourceUri', () => {
  for (const source of STAYS) it(`leaves '${source}'`, () => expect(sourceUri(source)).to.equal(source))

  for (const [source, uri] of Object.entries(ENCODED)) {
    it(`makes ${JSON.stringify(source)} a URI reference`, () => expect(sourceUri(source)).to.equal(uri))
  }

  it('is what URI parsers take, once and again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (source) => {
        const uri = sourceUri(source)
        expect(uri).to.match(/^[\x21-\x7e]+$/)
        expect(sourceUri(uri)).to.equal(uri)
      })
    )
  })

  it('is what CloudEvents carry', () => {
    const metadata = { id: '1', type: 'T', source: 'my shop', time: '2026-01-02T03:04:05Z' }
    expect((cloudEvents.encode({}, metadata) as WireMessage).attributes.source).to.equal('my%20shop')
  })
})

describe('sourceIdentity', () => {
  it("is an app's name, however it came", () => {
    for (const name of ['blog', 'my shop', 'Łódź', '100%']) {
      expect(sourceIdentity(name)).to.equal(name)
      expect(sourceIdentity(sourceUri(name))).to.equal(name)
    }
  })

  it('is one for what was no URI and what it became', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (source) => {
        expect(sourceIdentity(source)).to.equal(sourceIdentity(sourceUri(source)))
      })
    )
  })

  it('tells URIs apart, which nobody has encoded here', () => {
    for (const uri of ['/a%20b', 'urn:a%20b', 'a%2Fb', 'a%62', '%FF']) expect(sourceIdentity(uri)).to.equal(uri)
  })
})
