import { expect } from 'chai'
import { CompressionTypes } from 'kafkajs'
import type { Message } from 'kafkajs'
import { describeWithServer } from '@boostercloud/streamer-testkit'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { asProducer, bareKafka, committedOf } from './support/cluster'
import { Streamers } from './support/streamers'
import { until } from './support/until'

/** What other programs write. The wire's own tests say what becomes of each part; these show that a broker and its client keep it. */
describe('records of other programs', function () {
  this.timeout(60_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    async function received(messages: Message[], compression = CompressionTypes.None): Promise<ExternalEvent[]> {
      const topic = await streamers.topic(1)
      await asProducer(server().url, (producer) => producer.send({ topic, messages, compression }))
      const reader = streamers.open('reader')
      const events: ExternalEvent[] = []
      await until('the records', async () => {
        events.push(...(await reader.poll(topic)))
        return events.length >= messages.length
      })
      return events
    }

    it('arrive as what they are', async () => {
      const events = await received([
        { key: 'post-1', value: null },
        { value: '{"a":1}' },
        { value: '{"n":12345678901234567890}' },
        { value: '{}', headers: { several: ['a', 'b'], bytes: Buffer.from('ö') } },
        { value: '""', key: '', headers: { none: '' } },
      ])
      const told = events.map(({ eventPayload, metadata }) => [eventPayload, metadata?.key, metadata?.headers])
      expect(told).to.deep.equal([
        [null, 'post-1', {}],
        [{ a: 1 }, undefined, {}],
        [{ n: 12345678901234567890n }, undefined, {}],
        [{}, undefined, { several: '["a","b"]', bytes: 'ö' }],
        ['', undefined, { none: '' }],
      ])
    })

    it('arrive as undecodable where they can be read as nothing, and hold up nothing', async () => {
      const [key, header, body, good] = await received([
        { key: Buffer.from([0xff]), value: '{}' },
        { value: '{}', headers: { bad: Buffer.from([0xc3, 0x28]) } },
        { value: Buffer.from([0x7b, 0xff]) },
        { value: '{"good":true}' },
      ])
      for (const event of [key, header, body]) {
        expect(isStreamerError(event?.metadata?.undecodable, 'EVENT_UNDECODABLE')).to.equal(true)
        expect(event?.metadata?.id, 'its dead letter is one, however often it comes').to.match(/^topic-.*-\d+@\d+$/)
      }
      expect(good?.eventPayload).to.deep.equal({ good: true })
    })

    it('arrive from compressed batches, and a structured CloudEvent as what it says', async () => {
      const value = JSON.stringify({ specversion: '1.0', id: '7', source: 's', type: 'T', data: { a: 1 } })
      const headers = { 'content-type': 'application/cloudevents+json' }
      const [event] = await received([{ value, headers }], CompressionTypes.GZIP)
      expect([event?.eventPayload, event?.metadata?.id, event?.metadata?.type]).to.deep.equal([{ a: 1 }, '7', 'T'])
    })

    it('of a transaction arrive when it is over, those of an aborted one never, and nothing of it stays as lag', async () => {
      const topic = await streamers.topic(1)
      const producer = bareKafka(server().url).producer({
        transactionalId: topic,
        maxInFlightRequests: 1,
        idempotent: true,
      })
      await producer.connect()
      const aborted = await producer.transaction()
      await aborted.send({ topic, messages: [{ value: '{"n":1}' }] })
      await aborted.abort()
      const committed = await producer.transaction()
      await committed.send({ topic, messages: [{ value: '{"n":2}' }] })
      await committed.commit()
      await producer.disconnect()
      const reader = streamers.open('transactions')
      const events: ExternalEvent[] = []
      let mark: string | undefined
      await until('everything to be committed', async () => {
        const polled = await reader.poll(topic, mark)
        events.push(...polled)
        mark = polled.at(-1)?.eventId ?? mark
        return (await committedOf(server().url, 'transactions-test', topic))[0] === 4
      })
      expect(events.map(({ eventPayload }) => eventPayload)).to.deep.equal([{ n: 2 }])
    })
  })
})
