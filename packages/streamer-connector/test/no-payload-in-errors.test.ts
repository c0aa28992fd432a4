import { inspect } from 'node:util'
import { expect } from 'chai'
import { cloudEvents, json, receivedEvent } from '../src'
import type { Codec, WireMessage } from '../src'

const SECRET = 'iban-DE89370400440532013000'

/** Bodies that are refused, each in another way. */
const REFUSED: Readonly<Record<string, Partial<WireMessage>>> = {
  'that is no JSON': { body: Buffer.from(`${SECRET} is no JSON`) },
  'that is cut off': { body: Buffer.from(`{"iban":"${SECRET}`) },
  'with a forbidden member': { body: Buffer.from(`{"__proto__":{"iban":"${SECRET}"}}`) },
  'with a number that cannot be kept': { body: Buffer.from(`{"iban":"${SECRET}","n":0.12345678901234567890123}`) },
  'that is nested too deeply': { body: Buffer.from(`${'['.repeat(20_000)}"${SECRET}"`) },
  'that is not UTF-8': { body: Buffer.concat([Buffer.from(`"${SECRET}`), Buffer.from([0xff, 0x22])]) },
  'in structured mode that is no JSON': {
    body: Buffer.from(`{"data":"${SECRET}"`),
    contentType: 'application/cloudevents+json',
  },
  'whose data_base64 is none': {
    body: Buffer.from(`{"specversion":"1.0","data_base64":"${SECRET}"}`),
    contentType: 'application/cloudevents+json',
  },
}

describe('an error says nothing of a body', () => {
  for (const codec of [cloudEvents, json] as readonly Codec[]) {
    for (const [what, own] of Object.entries(REFUSED)) {
      if (codec === json && own.contentType !== undefined) continue
      it(`${what} (${codec.name}), neither in its message nor in what lies beneath`, async () => {
        const message = { attributes: {}, headers: {}, ...own } as WireMessage
        const { metadata } = await receivedEvent(codec, message, { streamerId: 'main', topic: 'posts', eventId: '1' })
        expect(metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
        expect(inspect(metadata?.undecodable, { depth: 10 })).to.not.contain(SECRET)
      })
    }
  }
})
