import { expect } from 'chai'
import fc from 'fast-check'
import { KEY_CODECS, keyBytes, keyText } from '../../src/options/key-codec'
import type { KafkaKeyCodec } from '../../src'

const WELL_FORMED = fc.string({ unit: 'grapheme', minLength: 1 })
const TEXTS: Readonly<Record<KafkaKeyCodec, fc.Arbitrary<string>>> = {
  utf8: WELL_FORMED,
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(String),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  uuid: fc.uuid(),
  base64: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64')),
}
const REFUSED: Readonly<Record<KafkaKeyCodec, readonly string[]>> = {
  utf8: ['a\ud800', '\udc00'],
  int32: ['', '2147483648', '-2147483649', '007', '-0', '+1', '1.0', '1e3', ' 1', 'post-1', '0x10'],
  int64: ['', '9223372036854775808', '-9223372036854775809', '9'.repeat(30), '--1'],
  uuid: ['', '0199aa00', '0199aa0000007000800000000000000f', '{0199aa00-0000-7000-8000-00000000000f}', 'post-1'],
  base64: ['a', '/w', '_w==', 'post-1'],
}

describe('a key codec', () => {
  for (const codec of KEY_CODECS) {
    it(`${codec} reads what it has written`, () =>
      fc.assert(
        fc.property(TEXTS[codec], (text) => {
          expect(keyText(keyBytes(text, codec, 'T'), codec)).to.equal(text)
        })
      ))

    it(`${codec} reads any bytes as a key that no other bytes have`, () =>
      fc.assert(
        fc.property(fc.uint8Array({ minLength: 1 }), fc.uint8Array({ minLength: 1 }), (one, other) => {
          const same = Buffer.from(one).equals(other)
          expect(keyText(Buffer.from(one), codec) === keyText(Buffer.from(other), codec)).to.equal(same)
        })
      ))

    it(`${codec} refuses what it has no bytes for, and does not tell it`, () => {
      for (const text of REFUSED[codec]) {
        const refused = expect(() => keyBytes(text, codec, 'PostLiked'), JSON.stringify(text)).to.throw(codec)
        refused.with.property('code', 'EVENT_NOT_ENCODABLE')
        if (text.length > 3) refused.with.property('message').that.does.not.contain(text)
      }
    })
  }

  it('has the bytes that Java has', () => {
    expect(keyBytes('128', 'int32', 'T').toString('hex')).to.equal('00000080')
    expect(keyBytes('-1', 'int64', 'T').toString('hex')).to.equal('ffffffffffffffff')
    expect(keyBytes('0199AA00-0000-7000-8000-00000000000F', 'uuid', 'T').toString('hex')).to.equal(
      '0199aa0000007000800000000000000f'
    )
  })
})
