import { expect } from 'chai'
import {
  cloudEvents,
  isAcknowledging,
  isAttachable,
  isClosable,
  isDeclaring,
  isHealthReporting,
  isPolling,
  isPositioning,
  isProvisionable,
  isReplayable,
  isStreamerConnector,
  isStreamerError,
} from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { connectOptions } from '../../src/client/connect-options'
import { NatsStreamer } from '../../src'
import type { NatsStreamerOptions } from '../../src'
import { settingsFrom } from '../../src/options/settings'

const servers = 'nats://127.0.0.1:4222'
const WRONG: Record<keyof NatsStreamerOptions, unknown[]> = {
  servers: ['', 7, null, undefined, [], [7], 'http://x', 'nats://', 'nats://a b', 'ws://x', 'x:port', 'nats://a:50%@h'],
  stream: ['', 'a.b', 'a b', 'a*', 'a>', 'a/b', 'a\\b', 7],
  subject: ['', 'streamers', 'a.{topic}.{topic}', 'x{topic}', 'a.*.{topic}', '{topic}.>', 'a..{topic}', ' {topic}', 7],
  declare: ['true', 1, null],
  ordering: ['topic', 'Key', 7],
  group: ['', 7],
  defaultTopic: ['', 7, null],
  codec: [null, {}, 'json', { encode: () => undefined }],
  topics: [null, [], 'posts', { posts: 7 }, { '': {} }],
  source: ['', 7],
  user: ['', 7],
  pass: [7, null],
  token: ['', 7],
  credentials: [{ username: 'u', password: 'p' }, 'u:p', null],
  nkeySeed: ['', 'SU', 'sua', 7],
  credsFile: ['', 'a\0b', 7],
  tls: ['true', null, [], { caFile: '' }, { ca: 'x' }, { handshakeFirst: 1 }],
  inboxPrefix: ['', 'a.*', 'a b', '.a', 'a.', 'a..b', 7],
  connectTimeoutMs: [0, -1, 1.5, '10'],
  maxEventBytes: [0, -1, 1.5, NaN, Infinity, '10', 64_000_001],
  maxInFlight: [0, 10_001, '1'],
  publishTimeoutMs: [0, NaN],
  pollWaitMs: [-1, 0.5, NaN, '10', 3_600_001],
  pollBatch: [0, -1, 100_001, '10'],
  ackWaitMs: [999, NaN],
  replicas: [0, 6, 1.5],
  storage: ['File', 'disk', 1],
  retention: [null, 7, []],
  duplicateWindowMs: [99, '1000'],
}

const WRONG_INSIDE: readonly (readonly [string, object])[] = [
  ['topics.posts.codec', { topics: { posts: { codec: {} } } }],
  ['topics.posts.Codec', { topics: { posts: { Codec: cloudEvents } } }],
  ['retention.maxAgeMs', { retention: { maxAgeMs: 0 } }],
  ['retention.maxBytes', { retention: { maxBytes: '1' } }],
  ['retention.maxevents', { retention: { maxevents: 1 } }],
]

describe('NatsStreamer.with', () => {
  it('makes a connector with its optional interfaces and capabilities, and connects nothing', async () => {
    const streamer = NatsStreamer.with({ servers })
    const guards = [
      isStreamerConnector,
      isPolling,
      isDeclaring,
      isAttachable,
      isAcknowledging,
      isClosable,
      isProvisionable,
      isPositioning,
      isReplayable,
      isHealthReporting,
    ]
    expect(guards.map((guard) => guard(streamer))).to.deep.equal(guards.map(() => true))
    expect(streamer.capabilities).to.deep.equal({
      position: 'receiver',
      ordering: 'key',
      durable: true,
      replay: true,
      places: true,
      delivery: 'poll',
      maxEventBytes: 1_000_000,
      defaultTopic: undefined,
      topicRequired: true,
    })
    expect(await streamer.health()).to.deep.equal({
      healthy: true,
      details: { servers, stream: 'streamers', connected: false },
    })
  })

  it('declares what its options make of it', () => {
    const capabilities = NatsStreamer.with({
      servers,
      ordering: 'none',
      storage: 'memory',
      defaultTopic: 'posts',
    }).capabilities
    expect(capabilities).to.deep.include({ position: 'broker', ordering: 'none', durable: false, topicRequired: false })
  })

  for (const [name, values] of Object.entries(WRONG)) {
    it(`refuses a wrong ${name} and names it`, () => {
      for (const value of values) {
        const thrown = caught(() => NatsStreamer.with({ servers, [name]: value } as NatsStreamerOptions))
        expect(isStreamerError(thrown, 'OPTION_INVALID'), `${String(value)}: ${String(thrown)}`).to.equal(true)
        expect((thrown as StreamerError).at).to.equal(name)
      }
    })
  }

  for (const [name, options] of WRONG_INSIDE) {
    it(`refuses a wrong ${name} and names it`, () => {
      const thrown = caught(() => NatsStreamer.with({ servers, ...options } as NatsStreamerOptions))
      expect(thrown).to.include({ code: 'OPTION_INVALID', at: name })
    })
  }

  it('refuses options that it does not have, and none at all', () => {
    for (const options of [undefined, null, {}, { servers, Servers: 'x' }, { servers, constructor: 1 }]) {
      const thrown = caught(() => NatsStreamer.with(options as NatsStreamerOptions))
      expect(isStreamerError(thrown, 'OPTION_INVALID'), JSON.stringify(options)).to.equal(true)
    }
  })

  it('takes addresses as people write them', () => {
    for (const one of ['localhost', 'tls://a.example:4222', '[::1]:4222', 'nats://u:p@h:1/', ['a:1', 'b:2']])
      expect(
        caught(() => NatsStreamer.with({ servers: one })),
        String(one)
      ).to.be.instanceOf(NatsStreamer)
  })

  it('takes a user from the address, unless it is given, and keeps it out of what is shown', async () => {
    const settings = settingsFrom({ servers: ['nats://anna:p%40ss@h:1', 'nats://h:2'] })
    expect(settings).to.deep.include({ servers: ['nats://h:1', 'nats://h:2'], user: 'anna', pass: 'p@ss' })
    expect(settingsFrom({ servers: 'nats://tok@h' })).to.deep.include({ servers: ['nats://h'], token: 'tok' })
    expect(settingsFrom({ servers: 'nats://a:b@h', user: 'c', pass: 'd' })).to.deep.include({ user: 'c', pass: 'd' })
    expect(JSON.stringify(await NatsStreamer.with({ servers: 'nats://anna:geheim@h' }).health())).not.to.match(/geheim/)
  })

  it('shows no secret in a message', () => {
    for (const [name, value] of Object.entries({
      nkeySeed: 'geheim',
      servers: 'http://a:geheim@h',
      token: ['geheim'],
      credentials: { username: 'a', password: 'geheim' },
    })) {
      const thrown = caught(() => NatsStreamer.with({ servers, [name]: value } as NatsStreamerOptions))
      expect(String(thrown)).to.include(name).and.not.include('geheim')
    }
  })

  it('keeps what is given and changes nothing of what it was given', () => {
    const options = Object.freeze({
      servers,
      stream: 'orders',
      pollWaitMs: 0,
      retention: Object.freeze({ maxAgeMs: 1000 }),
    })
    expect(settingsFrom(options)).to.deep.include({ ...options, servers: [servers], subject: 'orders.{topic}' })
    expect(settingsFrom({ ...options, stream: undefined, subject: '{topic}' })).to.deep.include({
      stream: 'streamers',
      subject: '{topic}',
    })
  })

  it('asks for TLS where the address or the option says so', () => {
    const tlsOf = (own: Partial<NatsStreamerOptions>): unknown =>
      connectOptions(settingsFrom({ servers, ...own }), 'blog').tls
    expect(tlsOf({})).to.equal(undefined)
    expect(tlsOf({ servers: 'tls://h' })).to.deep.equal({})
    expect(tlsOf({ tls: true })).to.deep.equal({})
    expect(tlsOf({ tls: { caFile: '/ca' } })).to.deep.equal({ caFile: '/ca' })
    expect(tlsOf({ tls: false, servers: 'tls://h' })).to.equal(null)
  })
})

function caught(work: () => unknown): unknown {
  try {
    return work()
  } catch (thrown) {
    return thrown
  }
}
