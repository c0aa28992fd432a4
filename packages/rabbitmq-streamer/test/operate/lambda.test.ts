import { inspect } from 'node:util'
import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { RabbitMQStreamer } from '../../src'
import { rejection } from '../../../streamer-connector/test/support/rejection'

const SECRET = 'iban-DE89370400440532013000'
const bytes = (text: string): { bytes: number[] } => ({ bytes: [...Buffer.from(text)] })

function message(n: number, basicProperties: object = {}): object {
  return { basicProperties, redelivered: false, data: Buffer.from(JSON.stringify({ n })).toString('base64') }
}

/** As the documentation of AWS has it. */
const INPUT = {
  eventSource: 'aws:rmq',
  eventSourceArn: 'arn:aws:mq:us-west-2:112556298976:broker:test:b-9bcfa592',
  rmqMessagesByQueue: {
    'blog-production.posts::/': [
      message(1, {
        contentType: 'application/json',
        contentEncoding: null,
        headers: {
          'cloudEvents:specversion': bytes('1.0'),
          'cloudEvents:id': bytes('id-1'),
          'cloudEvents:type': bytes('PostCreated'),
          'cloudEvents:source': bytes('blog'),
          partitionkey: bytes('ключ'),
          numberInHeader: 10,
        },
        timestamp: 'Jan 1, 1970, 12:33:41 AM',
      }),
      message(2, { messageId: 'id-2', type: null, timestamp: 'Jan 1, 1970, 12:33:41 AM', headers: null }),
    ],
  },
}

function pushed(...events: unknown[]): Promise<ExternalEvent[]> {
  const streamer = RabbitMQStreamer.with({ url: 'amqp://localhost', queue: 'blog-production' })
  return streamer.transformEvents(events)
}

describe("what Lambda hands over for Amazon MQ's RabbitMQ", () => {
  it('is read as events of the topics whose queues they come from', async () => {
    const events = await pushed(INPUT)
    expect(events.map(({ eventPayload }) => eventPayload)).to.deep.equal([{ n: 1 }, { n: 2 }])
    expect(events.map(({ streamerTopic }) => streamerTopic)).to.deep.equal(['posts', 'posts'])
    expect(new Set(events.map(({ eventId }) => eventId)).size).to.equal(2)
    expect(events[0].metadata).to.include({ id: 'id-1', type: 'PostCreated', source: 'blog', key: 'ключ' })
    expect(events[0].metadata?.headers).to.deep.equal({ numberInHeader: '10' })
    expect(events[1].metadata).to.include({ id: 'id-2', time: '1970-01-01T00:33:41.000Z' })
    expect(events[1].metadata).not.to.have.property('type')
  })

  it('may be single messages, of the topic that is named', async () => {
    const streamer = RabbitMQStreamer.with({ url: 'amqp://localhost', defaultTopic: 'notes' })
    const events = await streamer.transformEvents([message(7), message(8)])
    expect(events.map(({ streamerTopic }) => streamerTopic)).to.deep.equal(['notes', 'notes'])
    const [posted] = await streamer.transformEvents([message(9)], 'posts')
    expect(posted).to.deep.include({ streamerTopic: 'posts', eventPayload: { n: 9 } })
  })

  it('is read around bad messages, each of which is undecodable of the topic whose queue it comes from', async () => {
    const bad = [null, 7, {}, { data: 'a*' }, { data: 7 }, { data: '', basicProperties: [] }]
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown
    const hostile = [...bad, message(2, { headers: { deep } }), message(3, { headers: { 'ce-id': 'a', ce_id: 'b' } })]
    const input = { rmqMessagesByQueue: { 'blog-production.posts::/': [message(1), ...hostile, message(4)] } }
    const events = await pushed(input)
    expect(events.map(({ metadata }) => metadata?.undecodable?.code ?? 'read')).to.deep.equal([
      'read',
      ...hostile.map(() => 'EVENT_UNDECODABLE'),
      'read',
    ])
    expect(new Set(events.map(({ streamerTopic }) => streamerTopic))).to.deep.equal(new Set(['posts']))
    expect(new Set(events.map(({ eventId }) => eventId)).size).to.equal(events.length)
    expect(Buffer.from(events[4]?.metadata?.raw ?? []).toString()).to.equal('{"data":"a*"}')
  })

  it('is nothing else', async () => {
    const wrong = [
      undefined,
      7,
      {},
      { data: 7 },
      { data: 'a*' },
      { data: '', basicProperties: [] },
      { rmqMessagesByQueue: [] },
      { rmqMessagesByQueue: { q: {} } },
    ]
    for (const event of wrong) await rejection(pushed(event), 'EVENT_UNDECODABLE')
    await rejection(pushed(message(1)), 'TOPIC_MISSING')
  })

  it('says nothing of what a malformed message holds', async () => {
    const data = [`{"iban":"${SECRET}"}`, Buffer.from(`{"iban":"${SECRET}`).toString('base64')]
    const messages = data.map((text) => ({ ...message(1, { contentType: 'application/json' }), data: text }))
    const events = await pushed({
      eventSource: 'aws:rmq',
      rmqMessagesByQueue: { 'blog-production.posts::/': messages },
    })
    for (const { metadata } of events) {
      expect(metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
      expect(inspect(metadata?.undecodable, { depth: 10 })).to.not.contain(SECRET)
    }
    expect(events).to.have.length(2)
    expect(inspect(await rejection(pushed(SECRET), 'EVENT_UNDECODABLE'))).to.not.contain(SECRET)
  })
})
