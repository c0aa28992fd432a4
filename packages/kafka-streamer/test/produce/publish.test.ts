import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { isPartialPublishError, isStreamerError, newEventId } from '@boostercloud/streamer-connector'
import type { ExternalEvent, PartialPublishError } from '@boostercloud/streamer-connector'
import type { KafkaStreamer } from '../../src'
import { asAdmin, bareKafka } from '../support/cluster'
import { Note } from '../support/note'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

async function drain(
  streamer: KafkaStreamer,
  topic: string,
  enough: (n: number[]) => boolean
): Promise<ExternalEvent[]> {
  const received: ExternalEvent[] = []
  await until('enough events', async () => {
    const events = await streamer.poll(topic)
    received.push(...events)
    return events.length === 0 && enough(numbersOf(received))
  })
  return received
}

describe('publishing to Kafka', function () {
  this.timeout(120_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    it('keeps the order of calls that nobody waits for, and has them go together', async () => {
      const topic = await streamers.topic(1)
      const publisher = streamers.open()
      await Promise.all(range(300).map((n) => publisher.publish([new Note('key', n)], topic)))
      const received = await drain(streamers.open('together'), topic, ({ length }) => length >= 300)
      expect(numbersOf(received)).to.deep.equal(range(300))
    })

    it('puts a key where programs in other languages do', async () => {
      const topic = await streamers.topic(10)
      // What org.apache.kafka.common.utils.Utils.murmur2 gives for these, modulo ten.
      const partitions = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536 }
      const keys = Object.keys(partitions)
      await streamers.open().publish(
        keys.map((key, n) => new Note(key, n)),
        topic
      )
      const found = new Map<string, number>()
      const consumer = bareKafka(server().url).consumer({ groupId: newEventId(), maxWaitTimeInMs: 100 })
      await consumer.connect()
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ partition, message }) => void found.set(message.key?.toString() ?? '', partition),
      })
      await until('the events', () => found.size === keys.length)
      await consumer.disconnect()
      for (const [key, hash] of Object.entries(partitions)) {
        expect(found.get(key), key).to.equal((hash & 0x7fffffff) % 10)
      }
    })

    it('names just those that a broker refuses, over several partitions, and has the others there once', async () => {
      const topic = await streamers.topic(3, { 'max.message.bytes': '2000' })
      const publisher = streamers.open()
      const large = new Set([4, 17])
      const events = notes(30, { keys: 9 }).map((note) =>
        large.has(note.n) ? new Note(note.entity, note.n, 'x'.repeat(5_000)) : note
      )
      const thrown: unknown = await publisher.publish(events, topic).catch((error: unknown) => error)
      expect(isPartialPublishError(thrown), String(thrown)).to.equal(true)
      const { failed } = thrown as PartialPublishError
      expect(failed.map(({ index }) => index)).to.deep.equal([...large])
      expect(failed.every(({ error }) => isStreamerError(error, 'EVENT_TOO_LARGE') && !error.retryable)).to.equal(true)
      await publisher.publish(notes(9, { from: 30, keys: 9 }), topic)
      const received = numbersOf(await drain(streamers.open('refused'), topic, ({ length }) => length >= 37))
      const expected = range(39).filter((n) => !large.has(n))
      expect([...received].sort((a, b) => a - b)).to.deep.equal(expected)
    })

    it('rejects with what the broker says of a single event that it refuses', async () => {
      const topic = await streamers.topic(1, { 'max.message.bytes': '2000' })
      const thrown: unknown = await streamers
        .open()
        .publish([new Note('key', 0, 'x'.repeat(5_000))], topic)
        .catch((error: unknown) => error)
      expect(isStreamerError(thrown, 'EVENT_TOO_LARGE'), String(thrown)).to.equal(true)
      expect((thrown as { at: string }).at).to.equal(`topic ${topic}`)
    })

    it('compresses as it is told to', async () => {
      const topic = await streamers.topic(1)
      const text = 'y'.repeat(100_000)
      await streamers.open('gzip', {}, { producer: { compression: 'gzip' } }).publish([new Note('key', 1, text)], topic)
      const [event] = await drain(streamers.open('unzip'), topic, ({ length }) => length === 1)
      expect((event?.eventPayload as Note).text).to.equal(text)
      const logs = await asAdmin(server().url, (admin) => admin.fetchTopicOffsets(topic))
      expect(logs.map(({ high }) => high)).to.deep.equal(['1'])
    })

    it('takes one event after another that are nearly as large as may be', async () => {
      const topic = await streamers.topic(1)
      const text = 'x'.repeat(999_000)
      await streamers.open().publish(
        range(3).map((n) => new Note('key', n, text)),
        topic
      )
      expect(numbersOf(await drain(streamers.open('large'), topic, ({ length }) => length >= 3))).to.deep.equal(
        range(3)
      )
    })
  })
})
