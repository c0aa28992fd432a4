import { expect } from 'chai'
import { CompressionTypes } from 'kafkajs'
import type { Message } from 'kafkajs'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { bytesOfText, isStreamerError, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { asProducer, bareKafka, committedOf } from '../support/cluster'
import type { KafkaStreamer, KafkaStreamerOptions } from '../../src'
import { Streamers } from '../support/streamers'
import { until } from '../support/until'
import { rejection } from '../../../streamer-connector/test/support/rejection'

/** What other programs write. The wire's own tests say what becomes of each part; these show that a broker and its client keep it. */
describe('records of other programs', function () {
  this.timeout(60_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    interface Way {
      readonly compression?: CompressionTypes
      readonly options?: Partial<KafkaStreamerOptions>
    }

    async function received(messages: Message[], { compression, options }: Way = {}): Promise<ExternalEvent[]> {
      const topic = await streamers.topic(1)
      await asProducer(server().url, (producer) => producer.send({ topic, messages, compression }))
      const reader = streamers.open('reader', {}, options)
      return polled(reader, topic, messages.length)
    }

    async function polled(reader: KafkaStreamer, topic: string, count: number): Promise<ExternalEvent[]> {
      const events: ExternalEvent[] = []
      await until('the records', async () => {
        events.push(...(await reader.poll(topic)))
        return events.length >= count
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

    it('arrive with the bytes that their keys and headers have, whoever reads them', async () => {
      const original = Buffer.alloc(8)
      original.writeBigInt64BE(42n)
      const guid = Buffer.from('01' + '0199aa0000007000800000000000000f', 'hex')
      const key = Buffer.of(0, 0, 0, 128)
      const events = await received([
        { key, value: '{}', headers: { 'kafka_dlt-original-offset': original, 'kafka_dlt-exception-message': 'no' } },
        { key: Buffer.of(0, 0, 1, 0), value: '{}', headers: { __value_schema_id: guid } },
      ])
      expect(events.map(({ metadata }) => metadata?.undecodable)).to.deep.equal([undefined, undefined])
      expect(events.map(({ metadata }) => metadata?.key)).to.deep.equal(['base64:AAAAgA==', '\0\0\x01\0'])
      const bytesOf = (n: number, name: string): Buffer =>
        Buffer.from(bytesOfText(events[n]?.metadata?.headers?.[name] ?? ''))
      // Eight bytes that are UTF-8 by accident.
      expect(bytesOf(0, 'kafka_dlt-original-offset')).to.deep.equal(original)
      expect(bytesOf(0, 'kafka_dlt-exception-message').toString()).to.equal('no')
      expect(bytesOf(1, '__value_schema_id')).to.deep.equal(guid)
    })

    it('have the keys that the codec of their topic reads, which publishes them the same', async () => {
      const ids = ['128', '-1', '9007199254740993']
      const keys = ids.map((id) => {
        const bytes = Buffer.alloc(8)
        bytes.writeBigInt64BE(BigInt(id))
        return bytes
      })
      const options: Partial<KafkaStreamerOptions> = { topics: { '*': { keyCodec: 'int64' } } }
      const messages = keys.map((key) => ({ key, value: '{}' }))
      const events = await received(messages, { options })
      expect(events.map(({ metadata }) => metadata?.key)).to.deep.equal(ids)
      const topic = await streamers.topic(1)
      await streamers.open('writer', {}, options).publish(
        ids.map((key) => withMetadata({ entityID: () => key }, { key })),
        topic
      )
      const bytes = await polled(streamers.open('bytes', {}, { keyCodec: 'base64' }), topic, ids.length)
      expect(bytes.map(({ metadata }) => Buffer.from(metadata?.key ?? '', 'base64'))).to.deep.equal(keys)
      const refused = withMetadata({ entityID: () => 'post-1' }, { key: 'post-1', type: 'Post' })
      await rejection(streamers.open('writer', {}, options).publish([refused], topic), 'EVENT_NOT_ENCODABLE')
    })

    it('arrive as undecodable where they can be read as nothing, and hold up nothing', async () => {
      const [header, body, good] = await received([
        { value: '{}', headers: { ce_type: Buffer.from([0xc3, 0x28]) } },
        { value: Buffer.from([0x7b, 0xff]) },
        { value: '{"good":true}' },
      ])
      for (const event of [header, body]) {
        expect(isStreamerError(event?.metadata?.undecodable, 'EVENT_UNDECODABLE')).to.equal(true)
        expect(event?.metadata?.id, 'its dead letter is one, however often it comes').to.match(/^topic-.*-\d+@\d+$/)
      }
      expect(good?.eventPayload).to.deep.equal({ good: true })
    })

    it('arrive from compressed batches, and a structured CloudEvent as what it says', async () => {
      const value = JSON.stringify({ specversion: '1.0', id: '7', source: 's', type: 'T', data: { a: 1 } })
      const headers = { 'content-type': 'application/cloudevents+json' }
      const [event] = await received([{ value, headers }], { compression: CompressionTypes.GZIP })
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
