import { expect } from 'chai'
import type { ChannelModel, ConsumeMessage } from 'amqplib'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { assertReadHere, readHeadersHere } from '../../src/client/amqplib-frames'
import { readContentHeader } from '../../src/wire/content-header'
import type { FieldTable } from '../../src/wire/field-table'
import { FLAG, contentHeader, nestedLists, of, short, table } from '../support/amqp-bytes'
import type { Field, Properties } from '../support/amqp-bytes'
import { numbers, pollUntil } from '../support/note'
import { sendFrames } from '../support/publish-raw'
import { useRabbit } from '../support/rabbit'
import type { Rabbit } from '../support/rabbit'

function send(rabbit: Rabbit, queue: string, n: number, properties: Properties): void {
  sendFrames(rabbit.channel, { routingKey: queue }, Buffer.from(`{"n":${n}}`), properties)
}

const headers = (...fields: readonly Field[]): Properties => [[FLAG.headers, table(...fields)]]

describeWithServer('rabbitmq', (server) => {
  const rabbit = useRabbit(server)

  async function through(...messages: readonly Properties[]): Promise<ExternalEvent[]> {
    const [topic, queue] = [rabbit.name(), rabbit.name('queue')]
    const streamer = rabbit.streamer({ queue })
    await streamer.provision([topic])
    for (const [n, properties] of messages.entries()) send(rabbit, `${queue}.${topic}`, n, properties)
    const events = await pollUntil(streamer, topic, messages.length)
    const { healthy, details } = await streamer.health()
    const undecodable = events.filter(({ metadata }) => metadata?.undecodable !== undefined).length
    expect({ healthy, undecodable: details.undecodable }).to.deep.equal({ healthy: true, undecodable })
    return events
  }

  describe('headers of strangers', () => {
    it('make a dead letter where they are nested 20,000 levels deep, and stop nobody', async () => {
      const deep = headers(['cloudEvents:id', of.S('deep')], ['list', nestedLists(20_000)])
      const events = await through([], deep, [], deep, [])
      expect(events.map(({ metadata }) => metadata?.undecodable?.code)).to.deep.equal([
        undefined,
        'EVENT_UNDECODABLE',
        undefined,
        'EVENT_UNDECODABLE',
        undefined,
      ])
      expect(numbers(events.filter(({ metadata }) => !metadata?.undecodable))).to.deep.equal([0, 2, 4])
      expect(events[1].metadata).to.include({ id: 'deep' })
      expect(Buffer.from(events[1].metadata?.raw ?? []).toString()).to.equal('{"n":1}')
      // One session: the consumer was not begun again.
      expect(new Set(events.map(({ eventId }) => eventId?.split(':')[0])).size).to.equal(1)
    })

    it('are exact: numbers of 64 bits, decimals, times, bytes, and what is nested', async () => {
      const nested = of.F(
        ['id', of.l(9_007_199_254_740_993n)],
        ['at', of.T(1_767_323_045n)],
        ['raw', of.x(Buffer.of(255))]
      )
      const [event] = await through(
        headers(
          ['id', of.l(9_007_199_254_740_993n)],
          ['price', of.D(1, -15)],
          ['at', of.T(1_767_323_045n)],
          ['raw', of.x(Buffer.of(0, 255))],
          ['nested', nested],
          ['cloudEvents:specversion', of.S('1.0')],
          ['cloudEvents:id', of.l(9_007_199_254_740_993n)],
          ['cloudEvents:time', of.T(1_767_323_045n)]
        )
      )
      expect(event.metadata).to.include({ id: '9007199254740993', time: '2026-01-02T03:04:05.000Z' })
      expect(event.metadata?.headers).to.deep.equal({
        id: '9007199254740993',
        price: '-1.5',
        at: '2026-01-02T03:04:05.000Z',
        raw: 'base64:AP8=',
        nested: '{"id":9007199254740993,"at":"2026-01-02T03:04:05.000Z","raw":"base64:/w=="}',
      })
    })

    it('may have the names of an object’s own properties', async () => {
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '']
      const [event, beside] = await through(
        headers(...names.map((name) => [name, of.S(`of ${name}`)] as const), ['cloudEvents:__proto__', of.S('x')]),
        []
      )
      expect(Object.entries(event.metadata?.headers ?? {})).to.have.deep.members([
        ...names.slice(1).map((name) => [name, `of ${name}`]),
        ['__proto__', 'of __proto__'],
      ])
      expect(Object.getPrototypeOf(event.metadata?.headers)).to.equal(Object.prototype)
      expect(numbers([event, beside])).to.deep.equal([0, 1])
    })

    it('make a dead letter where an attribute has two values', async () => {
      const [twice, same] = await through(
        headers(['cloudEvents:id', of.S('1')], ['cloudEvents_id', of.S('2')]),
        headers(['cloudEvents:id', of.S('1')], ['cloudEvents_id', of.S('1')])
      )
      expect(twice.metadata?.undecodable?.message).to.include('two values')
      expect(same.metadata).to.include({ id: '1' }).and.not.to.have.property('undecodable')
    })

    for (const prefix of ['ce-', 'ce_', 'cloudEvents:', 'cloudEvents_']) {
      it(`tell what an event is behind ${prefix}`, async () => {
        const attributes = { specversion: '1.0', id: 'x-1', type: 'PostUnliked', source: '/python', partitionkey: 'k' }
        const fields = Object.entries(attributes).map(([name, value]) => [prefix + name, of.S(value)] as const)
        const [event] = await through(headers(...fields))
        expect(event.metadata).to.include({ id: 'x-1', type: 'PostUnliked', source: '/python', key: 'k' })
      })
    }
  })

  describe('properties of strangers', () => {
    it('are taken as they are, whatever bytes they have', async () => {
      const notUtf8 = Buffer.alloc(255, 0xff)
      const texts = (value: string | Buffer): Properties =>
        (['messageId', 'correlationId', 'type', 'appId'] as const).map((name) => [FLAG[name], short(value)])
      const events = await through(
        texts('a\0b'),
        texts(notUtf8),
        texts(Buffer.concat([notUtf8.subarray(1), Buffer.of(0xfe)])),
        texts('x'.repeat(255)),
        texts('__proto__'),
        texts('constructor')
      )
      expect(numbers(events)).to.deep.equal([0, 1, 2, 3, 4, 5])
      const known = events.map(({ metadata }) => metadata)
      expect(new Set(known.map((metadata) => metadata?.id)).size).to.equal(6)
      expect(known[0]).to.include({ id: 'a\0b', source: 'a\0b', type: 'a\0b', correlationId: 'a\0b' })
      expect(known[1]).to.include({ id: `base64:${notUtf8.toString('base64')}` })
      expect(known[4]).to.include({ id: '__proto__', type: '__proto__' })
    })

    it('have a time by RFC 3339, or its digits among the headers where there is none', async () => {
      const at = (seconds: bigint): Properties => [[FLAG.timestamp, of.T(seconds).subarray(1)]]
      const [seconds, milliseconds] = await through(at(1_767_323_045n), at(1_767_323_045_678n))
      expect(seconds.metadata).to.deep.include({ time: '2026-01-02T03:04:05.000Z', headers: {} })
      expect(milliseconds.metadata?.headers).to.deep.equal({ timestamp: '1767323045678' })
      expect(milliseconds.metadata).not.to.have.property('time')
    })

    it('have a content type that is none', async () => {
      const [event] = await through([[FLAG.contentType, short(Buffer.of(0xff, 0))]])
      expect(Buffer.from(event.eventPayload as Uint8Array).toString()).to.equal('{"n":0}')
    })
  })
})

describe('a content header of AMQP', () => {
  const errorOf = (payload: Buffer): unknown => (readContentHeader(payload)?.fields.headers as FieldTable).error

  it('that is cut off anywhere is an error of its message, which has its size', () => {
    const whole = contentHeader(7, [
      [FLAG.contentType, short('application/json')],
      [FLAG.headers, table(['a', of.A(of.S('x'), of.F(['b', of.l(1n)]))])],
      [FLAG.timestamp, of.T(1n).subarray(1)],
      [FLAG.appId, short('app')],
    ])
    expect(errorOf(whole)).to.equal(undefined)
    for (let length = 14; length < whole.length; length += 1) {
      expect(errorOf(whole.subarray(0, length)), `${length}`).to.have.property('code', 'EVENT_UNDECODABLE')
      expect(readContentHeader(whole.subarray(0, length))?.size).to.equal(7)
    }
  })

  it('with a property that no message has is an error', () => {
    for (const flag of [1, 2]) expect(errorOf(contentHeader(0, [[flag, short('x')]]))).to.be.an('error')
  })
})

describe('amqplib', () => {
  it('lets headers be read here, or that is said', () => {
    const model = (connection: object): ChannelModel => ({ connection }) as unknown as ChannelModel
    for (const other of [{}, { rest: Buffer.of() }, { recvFrame: () => false, rest: [] }])
      expect(() => readHeadersHere(model(other)))
        .to.throw('amqplib')
        .with.property('code', 'STREAMER_UNAVAILABLE')
    const message = { properties: { headers: { x: 1 } } } as unknown as ConsumeMessage
    expect(() => assertReadHere(message))
      .to.throw('amqplib')
      .with.property('code', 'STREAMER_UNAVAILABLE')
  })
})
