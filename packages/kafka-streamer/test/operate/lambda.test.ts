import { inspect } from 'node:util'
import { expect } from 'chai'
import { isStreamerError, metadataOf } from '@boostercloud/streamer-connector'
import { KafkaStreamer } from '../../src'

const SECRET = 'iban-DE89370400440532013000'
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const bytes = (text: string): number[] => [...Buffer.from(text)]
const streamer = KafkaStreamer.with({ brokers: ['127.0.0.1:1'] })
streamer.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })

const RECORD = {
  topic: 'posts',
  partition: 0,
  offset: 15,
  timestamp: 1_545_084_650_987,
  timestampType: 'CREATE_TIME',
  key: base64('post-1'),
  value: base64('{"title":"Hello"}'),
  headers: [{ ce_specversion: bytes('1.0') }, { ce_id: bytes('7') }, { ce_type: bytes('PostCreated') }],
}

/** What a function is given, for Amazon MSK and for a Kafka of one's own. */
const INPUTS = [
  { eventSource: 'aws:kafka', eventSourceArn: 'arn:aws:kafka:eu-west-1:1:cluster/c/1', bootstrapServers: 'b-1:9092' },
  { eventSource: 'SelfManagedKafka', bootstrapServers: 'b-1:9092' },
]

async function refused(value: unknown): Promise<string> {
  const thrown: unknown = await streamer.transformEvents([value]).catch((error: unknown) => error)
  expect(isStreamerError(thrown, 'EVENT_UNDECODABLE'), String(thrown)).to.equal(true)
  return (thrown as Error).message
}

describe('Kafka as an event source of AWS Lambda', () => {
  it('is told by the streamer where the topic is, and who reads it', () => {
    const source = { kind: 'kafka-topic', brokers: ['127.0.0.1:1'], topic: 'posts', consumerGroup: 'blog-test' }
    expect(streamer.deployedSource('posts')).to.deep.equal(source)
    expect(() => streamer.deployedSource()).to.throw('[TOPIC_MISSING]')
  })

  it('is read by a group that is called as ever, also in an environment without a name', () => {
    const nameless = KafkaStreamer.with({ brokers: ['127.0.0.1:1'] })
    nameless.attach({ streamerId: 'main', appName: 'blog', environment: '' })
    expect(nameless.deployedSource('posts')).to.include({ consumerGroup: 'blog-' })
  })

  for (const input of INPUTS) {
    it(`reads what a function is given by ${input.eventSource}`, async () => {
      const records = {
        'posts-0': [RECORD, { ...RECORD, offset: 16 }],
        'users-1': [{ ...RECORD, topic: 'users', partition: 1 }],
      }
      const events = await streamer.transformEvents([{ ...input, records }])
      expect(events.map(({ eventId }) => eventId)).to.deep.equal(['posts-0-15', 'posts-0-16', 'users-1-15'])
      expect(events.map(({ streamerTopic }) => streamerTopic)).to.deep.equal(['posts', 'posts', 'users'])
      const [{ eventPayload, metadata, streamerId }] = events as [(typeof events)[0]]
      expect(eventPayload).to.deep.equal({ title: 'Hello' })
      expect([streamerId, metadata?.id, metadata?.type, metadata?.key]).to.deep.equal([
        'main',
        '7',
        'PostCreated',
        'post-1',
      ])
      expect(metadataOf(eventPayload)?.id).to.equal('7')
    })
  }

  it('reads single records, tombstones, signed bytes and repeated headers', async () => {
    const headers = [{ city: bytes('Łódź').map((byte) => (byte > 127 ? byte - 256 : byte)) }, { a: [98] }, { a: [99] }]
    const [plain, tombstone] = await streamer.transformEvents([
      { ...RECORD, key: undefined, headers },
      { topic: 'posts', partition: 2, offset: 0, key: RECORD.key, value: null },
    ])
    expect(plain?.metadata?.headers).to.deep.equal({ city: 'Łódź', a: '["b","c"]' })
    expect(plain?.metadata?.id).to.equal('posts-0-15@1545084650987')
    expect([tombstone?.eventPayload, tombstone?.metadata?.key]).to.deep.equal([null, 'post-1'])
  })

  it('hands on what is undecodable', async () => {
    const [event] = await streamer.transformEvents([{ ...RECORD, value: base64('{') }])
    expect(isStreamerError(event?.metadata?.undecodable, 'EVENT_UNDECODABLE')).to.equal(true)
  })

  it('reads the good records of a batch around bad ones, each of which is undecodable at its own place', async () => {
    const bad: readonly [object, string][] = [
      [{ value: 'nö' }, 'Base64'],
      [{ key: 7 }, 'Base64'],
      [{ headers: { a: [1] } }, 'headers'],
      [{ headers: [{ a: 'b' }] }, 'header'],
      [{ headers: [{ constructor: {} }] }, 'header'],
    ]
    const hostile = bad.map(([change], n) => ({ ...RECORD, offset: 100 + n, ...change }))
    const records = [RECORD, ...hostile, { ...RECORD, offset: 200 }]
    const events = await streamer.transformEvents([{ records: { 'posts-0': records } }])
    const around = [events[0], events.at(-1)]
    expect(around.map((event) => event?.eventId)).to.deep.equal(['posts-0-15', 'posts-0-200'])
    expect(around.map((event) => event?.eventPayload)).to.deep.equal([{ title: 'Hello' }, { title: 'Hello' }])
    const refusals = events.slice(1, -1)
    expect(refusals.map(({ eventId }) => eventId)).to.deep.equal(bad.map((_, n) => `posts-0-${100 + n}`))
    for (const [n, { metadata = {} }] of refusals.entries()) {
      expect(isStreamerError(metadata.undecodable, 'EVENT_UNDECODABLE')).to.equal(true)
      expect(String(metadata.undecodable)).to.contain(bad[n][1])
      expect(JSON.parse(Buffer.from(metadata.raw as Uint8Array).toString())).to.deep.equal(hostile[n])
    }
  })

  it('reads the good records around what does not say which record it is, which is undecodable of its topic', async () => {
    const unknown = [7, null, {}, { ...RECORD, offset: -1 }, { ...RECORD, partition: undefined }]
    const events = await streamer.transformEvents([{ records: { 'my-posts-0': [RECORD, ...unknown, RECORD] } }])
    expect(events.map(({ metadata }) => metadata?.undecodable?.code ?? 'read')).to.deep.equal([
      'read',
      ...unknown.map(() => 'EVENT_UNDECODABLE'),
      'read',
    ])
    expect(new Set(events.slice(1, -1).map(({ streamerTopic }) => streamerTopic))).to.deep.equal(new Set(['my-posts']))
    expect(new Set(events.slice(1).map(({ eventId }) => eventId)).size).to.equal(events.length - 1)
  })

  it('refuses what is nothing of the kind', async () => {
    for (const value of [null, 7, 'x', [], {}, { records: 7 }, { records: { a: 7 } }]) await refused(value)
    expect(await refused({ ...RECORD, offset: -1 })).to.contain('offset')
  })

  it('says nothing of what a malformed input holds', async () => {
    const own = { value: `{"iban":"${SECRET}"}`, headers: [{ x: SECRET }] }
    for (const value of [
      { ...RECORD, ...own },
      { ...RECORD, value: base64(`{"iban":"${SECRET}`) },
    ]) {
      const [event] = await streamer.transformEvents([value])
      expect(event.metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
      expect(inspect(event.metadata?.undecodable, { depth: 10 })).to.not.contain(SECRET)
    }
    expect(await refused({ ...RECORD, offset: SECRET })).to.not.contain(SECRET)
  })
})
