import { expect } from 'chai'
import { cloudEvents, receivedRecord, StreamerError } from '../src'
import type { Codec, ExternalEvent, RecordForm } from '../src'
import { rejectedBy } from './support/thrown'

interface Raw {
  readonly body: Buffer
  readonly headers: () => Record<string, string>
}

const FORM: RecordForm<Raw> = {
  toMessage: ({ body, headers }) => ({ body, attributes: {}, headers: headers() }),
  bodyOf: ({ body }) => body,
  complete: (metadata) => ({ ...metadata, id: metadata.id ?? 'place' }),
}
const from = { streamerId: 'main', topic: 'posts', eventId: '1' }
const body = Buffer.from('{"n":1}')

async function read(headers: Raw['headers'], codec: Codec = cloudEvents): Promise<ExternalEvent> {
  return receivedRecord({ body, headers }, { form: FORM, codec, from })
}

function overflow(): Record<string, string> {
  return { ...overflow() }
}

describe('a record', () => {
  it('that can be read is an event, completed with what the broker knows', async () => {
    const { eventPayload, metadata } = await read(() => ({ a: 'b' }))
    expect([eventPayload, metadata?.id, metadata?.headers]).to.deep.equal([{ n: 1 }, 'place', { a: 'b' }])
  })

  const HOSTILE: Readonly<Record<string, () => never | Record<string, string>>> = {
    'a stack that overflows': overflow,
    'a TypeError': () => (undefined as unknown as { a: Record<string, string> }).a,
    'something that is no error': () => {
      throw Object.create(null)
    },
    'an error of ours that says it may pass: reading bytes needs nobody': () => {
      throw new StreamerError('STREAMER_UNAVAILABLE', 'No.', { retryable: true })
    },
  }
  for (const [what, headers] of Object.entries(HOSTILE)) {
    it(`whose reading ends in ${what} keeps its body and becomes a dead letter`, async () => {
      const { metadata, eventId } = await read(headers)
      expect(metadata?.undecodable).to.be.instanceOf(StreamerError)
      expect([metadata?.raw, metadata?.id, eventId]).to.deep.equal([body, 'place', '1'])
    })
  }

  it('whose codec fails later becomes a dead letter too', async () => {
    const codec: Codec = { ...cloudEvents, decode: () => Promise.reject(new TypeError('no')) }
    expect((await read(() => ({}), codec)).metadata).to.have.nested.property('undecodable.code', 'EVENT_UNDECODABLE')
  })

  it('whose registry is away is read again later', async () => {
    const away = new StreamerError('STREAMER_UNAVAILABLE', 'The registry is away.', { retryable: true })
    const codec: Codec = { ...cloudEvents, decode: () => Promise.reject(away) }
    expect(
      await rejectedBy(
        read(() => ({}), codec),
        away.code
      )
    ).to.equal(away)
  })
})
