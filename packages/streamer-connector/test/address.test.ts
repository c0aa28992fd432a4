import { expect } from 'chai'
import fc from 'fast-check'
import { formatAddress, parseAddress, streamer } from '../src'
import { words } from './support/arbitraries'
import { thrownBy } from './support/thrown'

/** Text that may stand in an address. */
const part = words.filter((it) => it.trim() === it && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(it))
const streamerId = part.filter((it) => !it.includes('/'))

describe('addresses', () => {
  it('are split at their first slash', () => {
    expect(parseAddress('main-kafka')).to.deep.equal({ streamerId: 'main-kafka' })
    expect(parseAddress('main-kafka/posts')).to.deep.equal({ streamerId: 'main-kafka', topic: 'posts' })
    expect(parseAddress('main/posts/2026/all of them')).to.deep.equal({
      streamerId: 'main',
      topic: 'posts/2026/all of them',
    })
  })

  it('are the same after they were written and read', () => {
    fc.assert(
      fc.property(streamerId, fc.option(part, { nil: undefined }), (id, topic) => {
        const parsed = parseAddress(formatAddress({ streamerId: id, topic }))
        expect(parsed).to.deep.equal(topic === undefined ? { streamerId: id } : { streamerId: id, topic })
      })
    )
  })

  it('are either split so that writing gives them back, or refused', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '/', ' ', '\n', '\u2028', 'é', '\ud800'), maxLength: 6 }),
        (address) => {
          let parsed
          try {
            parsed = parseAddress(address)
          } catch {
            return void thrownBy(() => parseAddress(address), 'ADDRESS_MALFORMED')
          }
          expect(formatAddress(parsed)).to.equal(address)
          expect(parsed.streamerId).to.match(/^[^/\s]([^/\n\u2028]*[^/\s])?$/)
        }
      )
    )
  })

  const MALFORMED: ReadonlyArray<readonly [what: string, address: unknown, said: RegExp]> = [
    ['nothing', '', /is empty/],
    ['undefined', undefined, /must be a string, not undefined/],
    ['a number', 7, /must be a string, not number/],
    ['an object', { streamerId: 'main' }, /must be a string, not object/],
    ['no streamer', '/posts', /'\/posts' has no streamer before its '\/'/],
    ['no topic', 'main/', /'main\/' has no topic after its '\/'/],
    ['nothing but a slash', '/', /no streamer/],
    ['a blank before', ' main/posts', /blanks or control characters/],
    ['a blank after', 'main/posts ', /blanks or control characters/],
    ['a blank before the slash', 'main /posts', /blanks or control characters/],
    ['a blank after the slash', 'main/ posts', /blanks or control characters/],
    ['a newline', 'main/po\nsts', /"main\/po\\nsts" has blanks or control characters/],
    ['a NUL', 'main\u0000/posts', /blanks or control characters/],
    ['a C1 control character', 'main/po\u0085sts', /blanks or control characters/],
    ['a line separator', 'main/po\u2028sts', /blanks or control characters/],
    ['half of a surrogate pair', 'main/po\ud800sts', /blanks or control characters/],
  ]

  for (const [what, address, said] of MALFORMED) {
    it(`are refused with ${what}`, () => {
      const error = thrownBy(() => parseAddress(address as string, 'PostCreated, streamTo'), 'ADDRESS_MALFORMED')
      expect(error.message).to.match(said)
      expect(error.at).to.equal('PostCreated, streamTo')
      expect(error.hint).to.contain("'main-kafka/posts'")
    })
  }
})

describe('streamer()', () => {
  it('makes an address of its parts', () => {
    expect(streamer('main-kafka', 'posts')).to.equal('main-kafka/posts')
    expect(streamer('main-kafka')).to.equal('main-kafka')
  })

  it('refuses what parts make no address', () => {
    thrownBy(() => streamer(''), 'ADDRESS_MALFORMED')
    thrownBy(() => streamer('', 'posts'), 'ADDRESS_MALFORMED')
    thrownBy(() => streamer('main', ''), 'ADDRESS_MALFORMED')
    thrownBy(() => streamer('main', ' posts'), 'ADDRESS_MALFORMED')
    expect(thrownBy(() => streamer('main/posts'), 'ADDRESS_MALFORMED').message).to.contain("cannot contain '/'")
    expect(thrownBy(() => streamer('ma/in', 'posts'), 'ADDRESS_MALFORMED').message).to.contain("'ma/in'")
  })
})
