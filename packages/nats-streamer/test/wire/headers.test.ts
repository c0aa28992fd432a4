import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { field, pollUntil } from '../support/note'
import { blockOf, publishBlocks } from '../support/publish-raw'
import { useStreamers } from '../support/use-streamers'

describe('headers of strangers', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)

    async function through(ordering: 'key' | 'none', ...blocks: readonly Buffer[]): Promise<ExternalEvent[]> {
      const nats = streamer({ ordering })
      await nats.provision(['posts'])
      const messages = blocks.map((block, n) => [block, Buffer.from(`{"n":${n}}`)] as const)
      await publishBlocks(server().url, `${stream()}.posts`, messages)
      const events = await pollUntil(nats, 'posts', blocks.length)
      expect((await nats.health()).healthy).to.equal(true)
      return events
    }

    for (const ordering of ['key', 'none'] as const) {
      it(`that look like words of the server are those of an event (ordering: ${ordering})`, async () => {
        const events = await through(
          ordering,
          blockOf('NATS/1.0 100 Idle Heartbeat', 'Nats-Last-Consumer: 7', 'Nats-Last-Stream: 9'),
          blockOf('NATS/1.0 404 No Messages'),
          blockOf('NATS/1.0 408 Request Timeout', 'Nats-Pending-Messages: 1000000', 'Nats-Pending-Bytes: 1'),
          blockOf('NATS/1.0 409 Consumer Deleted'),
          blockOf('NATS/1.0 503'),
          blockOf('NATS/1.0', 'Nats-Msg-Id: 1', 'Nats-Subject: other', 'Nats-Sequence: 1'),
          blockOf('NATS/1.0', 'x: y')
        )
        expect(field(events, 'n')).to.deep.equal([0, 1, 2, 3, 4, 5, 6])
        expect(events.map(({ metadata }) => metadata?.headers)).to.deep.equal([{}, {}, {}, {}, {}, {}, { x: 'y' }])
      })
    }

    it('are told apart where they are not UTF-8, whatever their names are', async () => {
      const raw = (name: string, bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${name}: `), bytes])
      const [one, other, text] = await through(
        'key',
        blockOf('NATS/1.0', 'ce-specversion: 1.0', raw('ce-id', Buffer.of(0xff)), raw('h', Buffer.of(0x61, 0xff))),
        blockOf('NATS/1.0', 'ce-specversion: 1.0', raw('ce-id', Buffer.of(0xfe)), raw('h', Buffer.of(0x61, 0xfe))),
        blockOf('NATS/1.0', 'h: à', '__proto__: p', 'constructor: c', 'toString: s', 'ce-__proto__: q')
      )
      expect([one.metadata?.id, other.metadata?.id]).to.deep.equal(['base64:/w==', 'base64:/g=='])
      expect(one.metadata?.headers).to.deep.equal({ h: 'base64:Yf8=' })
      expect(Object.entries(text.metadata?.headers ?? {})).to.have.deep.members([
        ['h', 'à'],
        ['__proto__', 'p'],
        ['constructor', 'c'],
        ['toString', 's'],
      ])
      expect(Object.getPrototypeOf(text.metadata?.headers)).to.equal(Object.prototype)
    })

    it('make a dead letter where an attribute has two values, and stop nobody', async () => {
      const events = await through(
        'key',
        blockOf('NATS/1.0', 'ce-id: 1', 'ce-id: 2'),
        blockOf('NATS/1.0', 'ce-id: 1', 'CE-ID: 1'),
        blockOf('NATS/1.0', 'x: '.padEnd(60_000, 'x')),
        blockOf('NATS/1.0', ...Array.from({ length: 5_000 }, (_, n) => `h${n % 10}: ${n}`)),
        blockOf('NATS/1.0', 'no colon', ': no name', 'lone\rcr: a\nb', '\0: \0')
      )
      expect(events.map(({ metadata }) => metadata?.undecodable?.code)).to.deep.equal([
        'EVENT_UNDECODABLE',
        undefined,
        undefined,
        undefined,
        undefined,
      ])
    })
  })
})
