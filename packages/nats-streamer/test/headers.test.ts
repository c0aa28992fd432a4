import { createConnection } from 'node:net'
import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/streamer-testkit'
import { field, pollUntil } from './support/note'
import { until } from './support/repeat'
import { useStreamers } from './support/use-streamers'

/** Publishes with a header block as it is, which no client would write. */
async function publishRaw(url: string, subject: string, blocks: readonly Buffer[]): Promise<void> {
  const { hostname, port, username, password } = new URL(url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  let answers = ''
  socket.on('data', (data) => (answers += data.toString('latin1')))
  const login = username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  socket.write(`CONNECT ${JSON.stringify({ verbose: false, headers: true, ...login })}\r\n`)
  for (const [n, block] of blocks.entries()) {
    const body = Buffer.from(`{"n":${n}}`)
    socket.write(`HPUB ${subject} ${block.length} ${block.length + body.length}\r\n`)
    socket.write(Buffer.concat([block, body, Buffer.from('\r\n')]))
  }
  socket.write('PING\r\n')
  await until(() => answers.includes('PONG'), 'The answer of the server')
  expect(answers).not.to.include('-ERR')
  socket.destroy()
}

const block = (...lines: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([...lines.flatMap((line) => [Buffer.from(line as string), Buffer.from('\r\n')]), Buffer.from('\r\n')])

describe('headers of strangers', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)

    async function through(ordering: 'key' | 'none', ...blocks: readonly Buffer[]): Promise<ExternalEvent[]> {
      const nats = streamer({ ordering })
      await nats.provision(['posts'])
      await publishRaw(server().url, `${stream()}.posts`, blocks)
      const events = await pollUntil(nats, 'posts', blocks.length)
      expect((await nats.health()).healthy).to.equal(true)
      return events
    }

    for (const ordering of ['key', 'none'] as const) {
      it(`that look like words of the server are those of an event (ordering: ${ordering})`, async () => {
        const events = await through(
          ordering,
          block('NATS/1.0 100 Idle Heartbeat', 'Nats-Last-Consumer: 7', 'Nats-Last-Stream: 9'),
          block('NATS/1.0 404 No Messages'),
          block('NATS/1.0 408 Request Timeout', 'Nats-Pending-Messages: 1000000', 'Nats-Pending-Bytes: 1'),
          block('NATS/1.0 409 Consumer Deleted'),
          block('NATS/1.0 503'),
          block('NATS/1.0', 'Nats-Msg-Id: 1', 'Nats-Subject: other', 'Nats-Sequence: 1'),
          block('NATS/1.0', 'x: y')
        )
        expect(field(events, 'n')).to.deep.equal([0, 1, 2, 3, 4, 5, 6])
        expect(events.map(({ metadata }) => metadata?.headers)).to.deep.equal([{}, {}, {}, {}, {}, {}, { x: 'y' }])
      })
    }

    it('are told apart where they are not UTF-8, whatever their names are', async () => {
      const raw = (name: string, bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${name}: `), bytes])
      const [one, other, text] = await through(
        'key',
        block('NATS/1.0', 'ce-specversion: 1.0', raw('ce-id', Buffer.of(0xff)), raw('h', Buffer.of(0x61, 0xff))),
        block('NATS/1.0', 'ce-specversion: 1.0', raw('ce-id', Buffer.of(0xfe)), raw('h', Buffer.of(0x61, 0xfe))),
        block('NATS/1.0', 'h: à', '__proto__: p', 'constructor: c', 'toString: s', 'ce-__proto__: q')
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
        block('NATS/1.0', 'ce-id: 1', 'ce-id: 2'),
        block('NATS/1.0', 'ce-id: 1', 'CE-ID: 1'),
        block('NATS/1.0', 'x: '.padEnd(60_000, 'x')),
        block('NATS/1.0', ...Array.from({ length: 5_000 }, (_, n) => `h${n % 10}: ${n}`)),
        block('NATS/1.0', 'no colon', ': no name', 'lone\rcr: a\nb', '\0: \0')
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
