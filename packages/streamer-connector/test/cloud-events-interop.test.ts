import { expect } from 'chai'
import { CloudEvent, HTTP } from 'cloudevents'
import fc from 'fast-check'
import { cloudEvents } from '../src'
import type { DecodedEvent, WireMessage } from '../src'
import { asReceived, fields, words } from './support/arbitraries'
import { message } from './support/messages'

/** What CloudEvents allows in an attribute (§3.1): no control characters, no noncharacters. */
const attribute = words.filter((it) => !/[\p{Cc}\p{Cn}\p{Co}]/u.test(it))

const time = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T00:00:00.000Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

interface Context {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly time: string
  readonly subject?: string
  readonly correlationid?: string
  readonly partitionkey?: string
}

const attributes: fc.Arbitrary<Context> = fc.record(
  {
    id: attribute,
    type: attribute,
    source: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
    time,
    subject: attribute,
    correlationid: attribute,
    partitionkey: attribute,
  },
  { requiredKeys: ['id', 'type', 'source', 'time'] }
)

/** The official SDK is the other side: what one writes, the other reads. */
describe('cloudEvents beside the SDK of CloudEvents', () => {
  it('is read by it in binary mode', () => {
    fc.assert(
      fc.property(attributes, fields, ({ correlationid, partitionkey, ...context }, data) => {
        const metadata = { ...context, correlationId: correlationid, key: partitionkey ?? context.subject }
        const wire = cloudEvents.encode(data, metadata) as WireMessage
        const prefixed = Object.entries(wire.attributes).map(([name, value]) => [`ce-${name}`, value])
        const theirs = HTTP.toEvent({
          headers: { ...Object.fromEntries(prefixed), 'content-type': wire.contentType },
          body: Buffer.from(wire.body).toString(),
        }) as CloudEvent
        expect(theirs.validate()).to.equal(true)
        expect(theirs).to.deep.include({ ...context, specversion: '1.0', data })
        expect(theirs.correlationid).to.equal(correlationid)
      })
    )
  })

  it('reads what it writes in binary mode', () => {
    fc.assert(
      fc.property(attributes, fields, (context, data) => {
        const { headers, body } = HTTP.binary(new CloudEvent({ ...context, data }))
        const { 'content-type': contentType, ...prefixed } = headers as Record<string, string>
        const bare = Object.entries(prefixed).map(([name, value]) => [name.replace(/^ce-/, ''), value])
        expectSame(message(body as string, { contentType, attributes: Object.fromEntries(bare) }), context, data)
      })
    )
  })

  it('reads what it writes in structured mode', () => {
    fc.assert(
      fc.property(attributes, fields, (context, data) => {
        const { headers, body } = HTTP.structured(new CloudEvent({ ...context, data }))
        expectSame(message(body as string, { contentType: headers['content-type'] as string }), context, data)
      })
    )
  })

  it('reads the bytes that it writes in structured mode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const { headers, body } = HTTP.structured(new CloudEvent({ source: 'blog', type: 'Picture', data: bytes }))
        const wire = message(body as string, { contentType: headers['content-type'] as string })
        const { payload } = cloudEvents.decode(wire) as DecodedEvent
        expect(Buffer.from(payload as Uint8Array)).to.deep.equal(Buffer.from(bytes))
      })
    )
  })
})

function expectSame(wire: WireMessage, context: Context, data: unknown): void {
  const { payload, metadata } = cloudEvents.decode(wire) as DecodedEvent
  expect(payload).to.deep.equal(asReceived(data))
  const { correlationid, partitionkey, ...rest } = context
  expect(metadata).to.deep.include({ ...rest, key: partitionkey ?? context.subject })
  expect(metadata.correlationId).to.equal(correlationid)
}
