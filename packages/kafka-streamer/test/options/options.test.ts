import { expect } from 'chai'
import {
  isAcknowledging,
  isAttachable,
  isClosable,
  isDeclaring,
  isHealthReporting,
  isPolling,
  isProvisionable,
  isPushed,
  isReplayable,
  isRevoking,
  isStreamerConnector,
  isStreamerError,
  json,
} from '@boostercloud/streamer-connector'
import { KafkaStreamer } from '../../src'
import type { KafkaStreamerOptions } from '../../src'
import { codecOf, settingsFrom, topicSettings } from '../../src/options/settings'

const brokers = ['127.0.0.1:9092']
const SASL = { mechanism: 'plain', username: 'u', password: 'p' }

const WRONG: Record<keyof KafkaStreamerOptions, unknown[]> = {
  brokers: [undefined, null, '', [], ['kafka'], ['kafka:0'], ['kafka:70000'], ['http://kafka:9092'], '127.0.0.1:9092'],
  clientId: ['', 7, null],
  ssl: ['yes', null, { cafile: 'x' }, { ca: '' }, { ca: [] }, { rejectUnauthorized: 'no' }],
  sasl: [
    true,
    null,
    {},
    { ...SASL, mechanism: 'gssapi' },
    { ...SASL, username: '' },
    { ...SASL, token: 'x' },
    { mechanism: 'plain', credentials: {} },
    { ...SASL, credentials: () => SASL },
  ],
  topics: [null, [], { 'a b': {} }, { posts: 7 }],
  defaultTopic: ['', 'a/b', '..', 'x'.repeat(250), 7],
  codec: [null, {}, 'json'],
  keyCodec: [null, 'utf-8', 'int16', {}, 'toString'],
  source: ['', 7],
  maxEventBytes: [0, 1.5, NaN, '10', 100_000_001],
  producer: [null, 7, []],
  consumer: [null, 'x'],
  connectTimeoutMs: [0, -1, '10'],
  requestTimeoutMs: [0, 3_600_001],
  stallMs: [0, Infinity],
}

const WRONG_INSIDE: readonly (readonly [string, object])[] = [
  ['producer.compression', { producer: { compression: 'zstd' } }],
  ['producer.lingerMs', { producer: { lingerMs: -1 } }],
  ['producer.batchEvents', { producer: { batchEvents: 0 } }],
  ['producer.batchBytes', { producer: { batchBytes: 0 } }],
  ['producer.timeoutMs', { producer: { timeoutMs: '1' } }],
  ['producer.acks', { producer: { acks: 1 } }],
  ['consumer.groupId', { consumer: { groupId: '' } }],
  ['consumer.startAt', { consumer: { startAt: 'now' } }],
  ['consumer.startAt', { consumer: { startAt: new Date('never') } }],
  ['consumer.pollWaitMs', { consumer: { pollWaitMs: -1 } }],
  ['consumer.pollBatch', { consumer: { pollBatch: 0 } }],
  ['consumer.bufferBytes', { consumer: { bufferBytes: 0 } }],
  ['consumer.commitIntervalMs', { consumer: { commitIntervalMs: -1 } }],
  ['consumer.sessionTimeoutMs', { consumer: { sessionTimeoutMs: 1 } }],
  ['consumer.heartbeatIntervalMs', { consumer: { sessionTimeoutMs: 6_000, heartbeatIntervalMs: 6_000 } }],
  ['consumer.fetchWaitMs', { consumer: { fetchWaitMs: 0 } }],
  ['consumer.fetchBytes', { consumer: { fetchBytes: 0 } }],
  ['topics.posts.keyCodec', { topics: { posts: { keyCodec: 'string' } } }],
  ['topics.posts.partitions', { topics: { posts: { partitions: 0 } } }],
  ['topics.posts.replicationFactor', { topics: { posts: { replicationFactor: 1.5 } } }],
  ['topics.posts.retentionMs', { topics: { posts: { retentionMs: -2 } } }],
  ['topics.posts.config', { topics: { posts: { config: { 'cleanup.policy': 1 } } } }],
  ['topics.posts.addPartitions', { topics: { posts: { addPartitions: 'yes' } } }],
  ['topics.posts.codec', { topics: { posts: { codec: {} } } }],
  ['topics.*.retention', { topics: { '*': { retention: 1 } } }],
]

describe('KafkaStreamer.with', () => {
  it('makes a connector with its optional interfaces and capabilities', () => {
    const kafka = KafkaStreamer.with({ brokers, defaultTopic: 'posts', maxEventBytes: 5 })
    const guards = [
      isStreamerConnector,
      isPolling,
      isPushed,
      isDeclaring,
      isAttachable,
      isAcknowledging,
      isRevoking,
      isClosable,
      isProvisionable,
      isReplayable,
      isHealthReporting,
    ]
    expect(guards.map((guard) => guard(kafka))).to.deep.equal(guards.map(() => true))
    expect(kafka.capabilities).to.deep.equal({
      position: 'broker',
      ordering: 'key',
      durable: true,
      replay: true,
      places: true,
      delivery: 'both',
      maxEventBytes: 5,
      defaultTopic: 'posts',
      topicRequired: false,
    })
  })

  for (const [name, values] of Object.entries(WRONG)) {
    it(`refuses a wrong ${name} and names it`, () => {
      for (const value of values) expect(faultOf({ brokers, [name]: value }), JSON.stringify(value)).to.equal(name)
    })
  }

  for (const [name, options] of WRONG_INSIDE) {
    it(`refuses ${JSON.stringify(options)}`, () => expect(faultOf({ brokers, ...options })).to.equal(name))
  }

  it('refuses options that it does not have, and none at all', () => {
    expect(faultOf(undefined)).to.equal('brokers')
    expect(faultOf(null)).to.equal('brokers')
    expect(faultOf({ brokers, constructor: 1 })).to.equal('constructor')
    expect(faultOf({ brokers, producer: { __proto__: null, toString: 1 } })).to.equal('producer.toString')
  })

  it('shows no secret', () => {
    const sasl = { mechanism: 'plain', username: 'u', password: 'hunter2', extra: 1 }
    expect(messageOf({ brokers, sasl })).not.to.contain('hunter2')
    expect(messageOf({ brokers, ssl: { key: 'hunter2', extra: 1 } })).not.to.contain('hunter2')
  })

  it('completes what is given, and keeps none of the objects', () => {
    const options = { brokers: [...brokers], producer: { lingerMs: 3 }, consumer: { startAt: undefined } }
    const settings = settingsFrom(options)
    options.brokers.push('other:1')
    options.producer.lingerMs = 4
    expect(settings.brokers).to.deep.equal(brokers)
    expect(settings.producer.lingerMs).to.equal(3)
    expect(settings.consumer.startAt).to.equal('first')
  })

  it('has settings of single topics, and of all others', () => {
    const settings = settingsFrom({ brokers, topics: { posts: { codec: json }, '*': { partitions: 3 } } })
    expect(codecOf(settings, 'posts')).to.equal(json)
    expect(codecOf(settings, 'users').name).to.equal('cloudEvents')
    expect(topicSettings(settings, 'users')).to.deep.equal({ partitions: 3 })
    expect(topicSettings(settings, 'posts').partitions).to.equal(undefined)
    expect(topicSettings(settings, 'toString')).to.deep.equal({ partitions: 3 })
  })

  it('asks for a topic where there is no default one, and for a name that Kafka takes', async () => {
    const kafka = KafkaStreamer.with({ brokers })
    for (const [topic, code] of [[undefined, 'TOPIC_MISSING'] as const, ['a/b', 'OPTION_INVALID'] as const]) {
      const thrown: unknown = await kafka.poll(topic).catch((error: unknown) => error)
      expect(isStreamerError(thrown, code), String(thrown)).to.equal(true)
    }
  })

  it('is healthy and connects nothing before it is used, and closes at once', async () => {
    const kafka = KafkaStreamer.with({ brokers: ['127.0.0.1:1'] })
    expect(await kafka.health()).to.deep.equal({
      healthy: true,
      details: { brokers: '127.0.0.1:1', connected: false },
    })
    await kafka.close()
    expect((await kafka.health()).healthy).to.equal(false)
  })
})

function caught(options: unknown): { at?: string; message: string } {
  try {
    KafkaStreamer.with(options as KafkaStreamerOptions)
  } catch (thrown) {
    expect(isStreamerError(thrown, 'OPTION_INVALID'), String(thrown)).to.equal(true)
    return thrown as { at?: string; message: string }
  }
  return { message: 'nothing was refused' }
}

function faultOf(options: unknown): string | undefined {
  return caught(options).at
}

function messageOf(options: unknown): string {
  return caught(options).message
}
