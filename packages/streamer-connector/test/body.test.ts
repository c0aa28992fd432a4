import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { MOST_UNPACKED_BYTES, cloudEvents, decoderOf, json, metadataOf, receivedEvent } from '../src'
import type { ExternalEvent, WireMessage } from '../src'
import { message } from './support/messages'

const FROM = { streamerId: 'main', eventId: '1' }
type Parts = Parameters<typeof message>[1]

async function read(body: string | Uint8Array, parts: Parts = {}): Promise<ExternalEvent> {
  return receivedEvent(cloudEvents, message(body, parts), FROM)
}

async function refusal(body: string | Uint8Array, parts: Parts = {}): Promise<string | undefined> {
  const { metadata, eventPayload } = await read(body, parts)
  expect(eventPayload).to.equal(undefined)
  expect(metadata?.raw).to.deep.equal(Buffer.from(body as string))
  expect(metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
  return metadata?.undecodable?.message
}

const text = (charset: string): Parts => ({ contentType: `text/plain; charset=${charset}` })

describe('text in its charset', () => {
  const TEXTS: readonly (readonly [charset: string, hex: string, text: string])[] = [
    ['utf-8', '636166c3a920f09f918d', 'café 👍'],
    ['"UTF-8"', '636166c3a9', 'café'],
    ['iso-8859-1', '636166e980', 'café\u0080'],
    ['Latin1', '636166e9', 'café'],
    ['windows-1252', '80929f', '€’Ÿ'],
    ['cp1252', '80', '€'],
    ['iso-8859-15', 'a4', '€'],
    ['us-ascii', '636166', 'caf'],
    ['utf-16', 'feff00630061', 'ca'],
    ['utf-16', 'fffe63006100', 'ca'],
    ['utf-16le', '63006100', 'ca'],
    ['utf-16be', '00630061', 'ca'],
    ['shift_jis', '93fa967b', '日本'],
    ['koi8-r', 'cbcfd4', 'кот'],
    ['windows-1251', 'eaeef2', 'кот'],
    ['gb18030', 'c4e3bac3', '你好'],
  ]
  for (const [charset, hex, expected] of TEXTS) {
    it(`reads ${hex} in ${charset}`, async () => {
      expect((await read(Buffer.from(hex, 'hex'), text(charset))).eventPayload).to.equal(expected)
    })
  }

  it('is UTF-8 where none is named', async () => {
    expect((await read('żółć', { contentType: 'text/plain' })).eventPayload).to.equal('żółć')
  })

  it('is read so in JSON too, where the producer says it is not in UTF-8', async () => {
    const body = Buffer.from('{"city":"Malm\u00f6"}', 'latin1')
    const { eventPayload } = await read(body, { contentType: 'application/json; charset=ISO-8859-1' })
    expect(eventPayload).to.deep.equal({ city: 'Malmö' })
  })

  it('is read so in structured events, and in their data', async () => {
    const [contentType, datacontenttype] = [
      'application/cloudevents+json; charset=utf-16le',
      'text/plain; charset=koi8-r',
    ]
    const envelope = { specversion: '1.0', id: '1', datacontenttype, data_base64: 'y8/U' }
    const { eventPayload } = await read(Buffer.from(JSON.stringify(envelope), 'utf16le'), { contentType })
    expect(eventPayload).to.equal('кот')
  })

  const NOT_IN = { 'utf-8': 'ff', 'us-ascii': 'e9', 'utf-16le': '00d8', shift_jis: '81', gb18030: 'ff' }
  for (const [charset, hex] of Object.entries(NOT_IN)) {
    it(`is a dead letter that names ${charset} where its bytes are not`, async () => {
      expect(await refusal(Buffer.from(hex, 'hex'), text(charset))).to.include(`it is not ${charset.toUpperCase()}`)
    })
  }

  it('is a dead letter where its charset is unknown, which is told where it looks like one', async () => {
    expect(await refusal('a', text('x-none'))).to.include("The charset 'x-none' is not known.")
    expect(await refusal('a', text('"no such {thing}"'))).to.include('The charset of its content type is not known.')
  })

  it('is never put right by a replacement', async () => {
    expect(await refusal(Buffer.of(0x61, 0xff), { contentType: 'text/plain' })).to.include('it is not UTF-8')
  })

  it('keeps a replacement character that the producer has written', async () => {
    expect((await read('a\ufffd', { contentType: 'text/plain' })).eventPayload).to.equal('a\ufffd')
  })
})

describe('a body with a content encoding', () => {
  const EVENT = { postId: '1' }
  const PLAIN = Buffer.from(JSON.stringify(EVENT))
  const PACKED: Readonly<Record<string, Uint8Array>> = {
    gzip: gzipSync(PLAIN),
    'x-gzip': gzipSync(PLAIN),
    GZIP: gzipSync(PLAIN),
    deflate: deflateSync(PLAIN),
    br: brotliCompressSync(PLAIN),
    identity: PLAIN,
    binary: PLAIN,
    '': PLAIN,
  }
  for (const [contentEncoding, body] of Object.entries(PACKED)) {
    it(`is unpacked: '${contentEncoding}'`, async () => {
      const { eventPayload, metadata } = await read(body, { contentEncoding, contentType: 'application/json' })
      expect(eventPayload).to.deep.equal(EVENT)
      expect(metadata?.raw, 'what is kept is what came').to.equal(body)
      expect(metadataOf(eventPayload)).to.equal(metadata)
      expect(decoderOf(metadata)?.(), 'decoded anew').to.deep.equal(EVENT)
    })
  }

  it('is unpacked where deflate comes without its frame, as many write it', async () => {
    const { eventPayload } = await read(deflateRawSync(PLAIN), { contentEncoding: 'deflate' })
    expect(eventPayload).to.deep.equal(EVENT)
  })

  it('is unpacked for every codec, and for those that ask a registry', async () => {
    const wire = message(PACKED.gzip, { contentEncoding: 'gzip' })
    const later = { ...json, repeatable: false, decode: async (each: WireMessage) => json.decode(each) }
    for (const codec of [json, later]) {
      const { eventPayload, metadata } = await receivedEvent(codec, wire, FROM)
      expect(eventPayload).to.deep.equal(EVENT)
      expect(metadata?.raw).to.equal(PACKED.gzip)
    }
  })

  it('may be a charset, as Spring and Celery write', async () => {
    const body = Buffer.from('"Malm\u00f6"', 'latin1')
    const told = await read(body, { contentType: 'application/json', contentEncoding: 'ISO-8859-1' })
    expect(told.eventPayload).to.equal('Malmö')
    expect(told.metadata?.contentType, 'as it came').to.equal('application/json')
    const utf8 = await read('"Malmö"', { contentType: 'application/json', contentEncoding: 'UTF-8' })
    expect(utf8.eventPayload).to.equal('Malmö')
  })

  it('is a dead letter that names an encoding that is not read', async () => {
    for (const name of ['zstd', 'compress', 'gzip, br', 'aes128gcm'])
      expect(await refusal(PLAIN, { contentEncoding: name })).to.match(
        /(The content encoding '|Its content encoding is not supported)/
      )
    expect(await refusal(PLAIN, { contentEncoding: 'zstd' })).to.include(
      "The content encoding 'zstd' is not supported."
    )
  })

  it('is a dead letter where it is not packed, or cut off', async () => {
    for (const body of [PLAIN, PACKED.gzip.subarray(0, -4), Buffer.alloc(0)])
      expect(await refusal(body, { contentEncoding: 'gzip' })).to.include('The body is declared as gzip, and is not.')
  })

  it('is a dead letter where it would be larger than is allowed', async () => {
    const five = Buffer.from('"345"')
    for (const [contentEncoding, body] of Object.entries({
      gzip: gzipSync(five),
      deflate: deflateSync(five),
      br: brotliCompressSync(five),
    })) {
      const wire = message(body, { contentEncoding })
      const fits = await receivedEvent(json, wire, { ...FROM, mostUnpackedBytes: 5 })
      expect(fits.eventPayload).to.equal('345')
      const large = await receivedEvent(json, wire, { ...FROM, mostUnpackedBytes: 4 })
      expect(large.metadata?.undecodable?.message).to.include(`The body is ${contentEncoding} of more than 4 bytes.`)
    }
    const bomb = gzipSync(Buffer.alloc(MOST_UNPACKED_BYTES + 1))
    expect(await refusal(bomb, { contentEncoding: 'gzip' })).to.include(`of more than ${MOST_UNPACKED_BYTES} bytes`)
  })
})

describe('CloudEvents 0.3', () => {
  const EVENT = { postId: '1' }
  const BASE64 = Buffer.from(JSON.stringify(EVENT)).toString('base64')
  const ATTRIBUTES = { specversion: '0.3', id: '1', source: '/s', type: 'T' }
  const STRUCTURED = 'application/cloudevents+json'

  it('is read in structured mode, its data as what it is', async () => {
    const envelope = { ...ATTRIBUTES, datacontenttype: 'application/json', data: EVENT }
    const { eventPayload, metadata } = await read(JSON.stringify(envelope), { contentType: STRUCTURED })
    expect(eventPayload).to.deep.equal(EVENT)
    expect(metadata).to.include({ id: '1', source: '/s', type: 'T' })
  })

  it('is decoded from Base64 in structured mode', async () => {
    const envelope = { ...ATTRIBUTES, datacontenttype: 'application/json', datacontentencoding: 'Base64', data: BASE64 }
    const { eventPayload, metadata } = await read(JSON.stringify(envelope), { contentType: STRUCTURED })
    expect(eventPayload).to.deep.equal(EVENT)
    expect(metadata?.headers).to.deep.equal({})
    const bytes = { ...ATTRIBUTES, datacontenttype: 'image/png', datacontentencoding: 'base64', data: '/wA=' }
    const picture = await read(JSON.stringify(bytes), { contentType: STRUCTURED })
    expect(Buffer.from(picture.eventPayload as Uint8Array)).to.deep.equal(Buffer.of(0xff, 0))
  })

  it('is decoded from Base64 in binary mode', async () => {
    const attributes = { ...ATTRIBUTES, datacontentencoding: 'base64' }
    const { eventPayload, metadata } = await read(BASE64, { contentType: 'application/json', attributes })
    expect(eventPayload).to.deep.equal(EVENT)
    expect(metadata?.raw).to.deep.equal(Buffer.from(BASE64))
  })

  it('is a dead letter where its data is not what it says', async () => {
    const attributes = { ...ATTRIBUTES, datacontentencoding: 'base64' }
    expect(await refusal('{"not":"base64"}', { attributes })).to.include('is not Base64')
    const other = { ...ATTRIBUTES, datacontentencoding: 'base32' }
    expect(await refusal('{}', { attributes: other })).to.include("The datacontentencoding 'base32' is not supported.")
    const structured = JSON.stringify({ ...attributes, data: 5 })
    expect(await refusal(structured, { contentType: STRUCTURED })).to.include('is not Base64')
  })

  it('is no rule for 1.0, which has data_base64', async () => {
    const attributes = { ...ATTRIBUTES, specversion: '1.0', datacontentencoding: 'base64' }
    const { eventPayload } = await read(JSON.stringify(BASE64), { attributes })
    expect(eventPayload).to.equal(BASE64)
  })
})

describe('the content type of a CloudEvent', () => {
  it('may stand among the attributes, as some bindings and producers have it', async () => {
    const attributes = { specversion: '1.0', id: '1', datacontenttype: 'text/plain; charset=koi8-r' }
    const { eventPayload, metadata } = await read(Buffer.from('cbcfd4', 'hex'), { attributes })
    expect(eventPayload).to.equal('кот')
    expect(metadata?.contentType).to.equal('text/plain; charset=koi8-r')
  })
})
