import { expect } from 'chai'
import { CompressionTypes } from 'kafkajs'
import type { Message } from 'kafkajs'
import { isStreamerError, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { asAdmin, asProducer } from '../support/cluster'
import { Streamers, notes } from '../support/streamers'
import { until } from '../support/until'

/** Names that every object has, so that whoever collects headers in one finds something there already. */
const NAMES = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', 'isPrototypeOf', 'then', '']

describe('records that nobody expects', function () {
  this.timeout(90_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    async function write(topic: string, messages: Message[], compression = CompressionTypes.None): Promise<void> {
      await asProducer(server().url, (producer) => producer.send({ topic, messages, compression }))
    }

    async function read(topic: string, count: number, maxUnpackedBytes?: number): Promise<ExternalEvent[]> {
      const reader = streamers.open('reader', maxUnpackedBytes === undefined ? {} : { maxUnpackedBytes })
      const events: ExternalEvent[] = []
      await until('the records', async () => {
        events.push(...(await reader.poll(topic, events.at(-1)?.eventId)))
        return events.length >= count
      })
      expect((await reader.health()).healthy).to.equal(true)
      return events
    }

    it('have headers with names that every object has, which are read as what they are', async () => {
      const topic = await streamers.topic()
      const headers = NAMES.map((name) => Object.defineProperty({}, name, { value: 'x', enumerable: true }))
      const hostile = headers.map((each) => ({ value: '{}', headers: each }))
      await write(topic, [{ value: '{"n":0}' }, ...hostile, { value: '{"n":1}' }])
      const events = await read(topic, NAMES.length + 2)
      expect(events.map(({ metadata }) => Object.entries(metadata?.headers ?? {}))).to.deep.equal([
        [],
        ...NAMES.map((name) => [[name, 'x']]),
        [],
      ])
    })

    it('have one name several times, also one that every object has, and thousands of headers', async () => {
      const topic = await streamers.topic()
      const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`header-${n}`, String(n)]))
      await write(topic, [
        { value: '{}', headers: { constructor: ['a', 'b', 'c'] } },
        { value: '{}', headers: many },
      ])
      const [repeated, full] = await read(topic, 2)
      expect(repeated?.metadata?.headers).to.deep.equal({ constructor: '["a","b","c"]' })
      expect(Object.keys(full?.metadata?.headers ?? {})).to.have.length(5_000)
    })

    it('come back whole from our own publish, whatever their headers are called', async () => {
      const topic = await streamers.topic()
      const [note] = notes(1)
      const headers = Object.fromEntries(NAMES.map((name) => [name, 'x']))
      await streamers.open().publish([withMetadata(note as object, { headers }) as never], topic)
      const [event] = await read(topic, 1)
      expect(Object.entries(event?.metadata?.headers ?? {}).sort()).to.deep.equal(
        NAMES.map((name) => [name, 'x']).sort()
      )
    })

    it('are in one compressed batch with good ones, which arrive in order, each with what it is', async () => {
      const topic = await streamers.topic()
      const named = Object.defineProperty({}, '__proto__', { value: 'x', enumerable: true })
      await write(
        topic,
        [
          { value: '{"n":0}' },
          { value: '{}', headers: named },
          { value: '{"n": cut off', headers: { 'content-type': 'application/json' } },
          { key: Buffer.of(0, 0, 0, 0xc8), value: '{"n":1}' },
          { value: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
          { value: '{"n":2}' },
        ],
        CompressionTypes.GZIP
      )
      const events = await read(topic, 6)
      expect(events.map(({ metadata }) => metadata?.undecodable?.code)).to.deep.equal([
        undefined,
        undefined,
        'EVENT_UNDECODABLE',
        undefined,
        'EVENT_UNDECODABLE',
        undefined,
      ])
      expect([0, 3, 5].map((at) => events[at].eventPayload)).to.deep.equal([{ n: 0 }, { n: 1 }, { n: 2 }])
    })

    it('are a compressed batch that is too large unpacked: one dead letter that names its offsets, and the rest arrives', async () => {
      const topic = await streamers.topic()
      const large = Buffer.alloc(3_000_000, ' ')
      await write(topic, [{ value: '{"n":0}' }], CompressionTypes.GZIP)
      await write(topic, [{ value: large }, { value: large }], CompressionTypes.GZIP)
      await write(topic, [{ value: '{"n":1}' }], CompressionTypes.GZIP)
      const [first, bomb, last, ...more] = await read(topic, 3, 1_000_000)
      expect([first?.eventPayload, last?.eventPayload, more]).to.deep.equal([{ n: 0 }, { n: 1 }, []])
      const { undecodable } = bomb?.metadata ?? {}
      expect(isStreamerError(undecodable, 'EVENT_UNDECODABLE')).to.equal(true)
      expect(undecodable?.message).to.contain('2 records, offsets 1 to 2').and.contain('maxUnpackedBytes')
    })

    it('are small when packed and many: a batch whose records or headers take too much memory is one dead letter', async () => {
      const topic = await streamers.topic()
      const records = Array.from({ length: 5_000 }, () => ({ value: '' }))
      const headers = Object.fromEntries(Array.from({ length: 12_000 }, (_, n) => [n, '']))
      await write(topic, records, CompressionTypes.GZIP)
      await write(topic, [{ value: '', headers }], CompressionTypes.GZIP)
      await write(topic, [{ value: '{"n":1}' }], CompressionTypes.GZIP)
      const events = await read(topic, 3, 1_000_000)
      expect(events.map(({ metadata }) => metadata?.undecodable?.code ?? 'read')).to.deep.equal([
        'EVENT_UNDECODABLE',
        'EVENT_UNDECODABLE',
        'read',
      ])
      expect(events[0]?.metadata?.undecodable?.message).to.contain('5000 records').and.contain('maxUnpackedBytes')
    })

    for (const codec of ['snappy', 'lz4', 'zstd']) {
      it(`in a compression that is not read (${codec}) have the topic be unhealthy with what to do, and with where`, async () => {
        const topic = await streamers.topic(1, { 'compression.type': codec })
        await write(topic, [{ value: '{"n":0}' }])
        const reader = streamers.open('reader')
        let failure: unknown
        await until('a poll that says why', async () => {
          failure = await reader.poll(topic).then(
            () => undefined,
            (thrown: unknown) => thrown
          )
          return failure !== undefined
        })
        expect((failure as Error).message)
          .to.contain(`compression ${codec}`)
          .and.contain(`${topic}-0-0`)
          .and.contain('gzip')
        const { healthy, details } = await reader.health()
        expect([healthy, details.at]).to.deep.equal([false, `${topic}-0-0`])
        expect(details.hint).to.contain('gzip')
      })
    }

    it('are in partitions that were added while the topic is read, which are read within seconds', async () => {
      const topic = await streamers.topic()
      // With the default of metadataMaxAgeMs: that of kafkajs is five minutes.
      const reader = streamers.open('reader')
      await reader.poll(topic)
      await asAdmin(server().url, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }))
      await write(topic, [{ partition: 1, value: '{"n":1}' }])
      await until('its record', async () => (await reader.poll(topic)).length > 0, 15_000)
    })
  })
})
