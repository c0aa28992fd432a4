import { expect } from 'chai'
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, ResourcePatternTypes, logLevel } from 'kafkajs'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { KafkaSasl, KafkaStreamer, KafkaStreamerOptions } from '../../src'
import { SecureKafka } from '../support/secure-kafka'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

const ADMIN = { username: 'admin', password: 'admin-secret' }
const GUEST = { username: 'guest', password: 'guest-secret' }

describe('a Kafka that asks who comes', function () {
  this.timeout(120_000)
  let kafka: SecureKafka | undefined
  const streamers = new Streamers(() => secure().brokers.plain)
  const secure = (): SecureKafka => kafka as SecureKafka

  before(async function () {
    this.timeout(0)
    kafka = await SecureKafka.start({ admin: ADMIN.password, guest: GUEST.password })
    await kafka.addScram('SCRAM-SHA-256', 'admin', 'scram-256')
    await kafka.addScram('SCRAM-SHA-512', 'admin', 'scram-512')
  })
  afterEach(() => streamers.close())
  after(async function () {
    this.timeout(0)
    await kafka?.stop()
  })

  const open = (options: Partial<KafkaStreamerOptions>, appName = 'secure'): KafkaStreamer =>
    streamers.open(appName, { pollWaitMs: 20_000 }, { brokers: [secure().brokers.sasl], ...options })

  /** That it publishes, and polls what it has published. */
  async function assertWorks(streamer: KafkaStreamer): Promise<void> {
    const topic = await streamers.topic(1)
    await streamer.publish(notes(1), topic)
    const received: ExternalEvent[] = []
    await until('the event', async () => received.push(...(await streamer.poll(topic))) > 0)
    expect(numbersOf(received)).to.deep.equal([0])
  }

  const outcome = async (promise: Promise<unknown>): Promise<{ code?: string; at?: string; retryable?: boolean }> => {
    const thrown: unknown = await promise.then(
      () => undefined,
      (error: unknown) => error
    )
    expect(isStreamerError(thrown), String(thrown)).to.equal(true)
    return thrown as { code: string; at?: string }
  }

  it('is served by TLS, with the authority that the options name', async () => {
    await assertWorks(open({ brokers: [secure().brokers.tls], ssl: { ca: secure().ca } }))
  })

  it('is refused by TLS where nobody vouches for it', async () => {
    const streamer = open({ brokers: [secure().brokers.tls], ssl: true })
    const { code } = await outcome(streamer.publish(notes(1), 'posts'))
    expect(code).to.equal('STREAMER_UNAVAILABLE')
  })

  const MECHANISMS: readonly KafkaSasl[] = [
    { mechanism: 'plain', ...ADMIN },
    { mechanism: 'scram-sha-256', username: 'admin', password: 'scram-256' },
    { mechanism: 'scram-sha-512', username: 'admin', password: 'scram-512' },
  ]
  for (const sasl of MECHANISMS) {
    it(`lets in who knows the password, by ${sasl.mechanism}, and nobody else`, async () => {
      const ssl = { ca: secure().ca }
      await assertWorks(open({ ssl, sasl }, `secure-${sasl.mechanism}`))
      const stranger = open({ ssl, sasl: { ...sasl, password: 'wrong' } })
      const { code, at, retryable } = await outcome(stranger.publish(notes(1), 'posts'))
      expect([code, at, retryable]).to.deep.equal(['STREAMER_FORBIDDEN', 'sasl', false])
      const polled = await outcome(stranger.poll('posts'))
      expect([polled.code, polled.at]).to.deep.equal(['STREAMER_FORBIDDEN', 'sasl'])
      const { healthy, details } = await stranger.health()
      expect([healthy, details.error, details.at]).to.deep.equal([false, 'STREAMER_FORBIDDEN', 'sasl'])
    })
  }

  it('is given the password of that moment whenever a connection authenticates, so that it can be rotated', async () => {
    let password: string | undefined
    const streamer = open({
      ssl: { ca: secure().ca },
      sasl: {
        mechanism: 'scram-sha-512',
        credentials: async () => {
          if (password === undefined) throw new Error('the vault is sealed')
          return { username: 'admin', password }
        },
      },
    })
    const topic = await streamers.topic(1)
    const sealed = await outcome(streamer.publish(notes(1), topic))
    expect([sealed.code, sealed.retryable, String(sealed)]).to.include.members(['STREAMER_UNAVAILABLE', true])
    expect(String(sealed)).to.contain('the vault is sealed')

    password = 'scram-512'
    await streamer.publish(notes(1), topic)
    await secure().addScram('SCRAM-SHA-512', 'admin', 'rotated')
    await until('the refusal of the old password', async () =>
      streamer.publish(notes(1), topic).then(
        () => false,
        (error: { code: string }) => error.code === 'STREAMER_FORBIDDEN'
      )
    )
    password = 'rotated'
    await streamer.publish(notes(1, { from: 1 }), topic)
    const received: ExternalEvent[] = []
    await until('the last event', async () => {
      received.push(...(await streamer.poll(topic)))
      return numbersOf(received).includes(1)
    })
  })

  it('needs to give a service few rights: on its topics, and on its group', async () => {
    const topic = await streamers.topic(1)
    const kafka = new Kafka({ brokers: [secure().brokers.plain], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    const rights = { principal: 'User:guest', host: '*', permissionType: AclPermissionTypes.ALLOW }
    const named = { resourcePatternType: ResourcePatternTypes.LITERAL, ...rights }
    await admin.createAcls({
      acl: [
        // To publish: Write on the topic. To handle: Read on it. Both include Describe.
        ...[AclOperationTypes.WRITE, AclOperationTypes.READ].map((operation) => ({
          ...named,
          operation,
          resourceType: AclResourceTypes.TOPIC,
          resourceName: topic,
        })),
        // To handle: Read on the group, which is the service's name and environment.
        {
          ...named,
          operation: AclOperationTypes.READ,
          resourceType: AclResourceTypes.GROUP,
          resourceName: 'blog-test',
        },
      ],
    })
    await admin.disconnect()
    const guest = open({ ssl: { ca: secure().ca }, sasl: { mechanism: 'plain', ...GUEST } }, 'blog')
    await until('the rights', async () =>
      guest.publish(notes(1), topic).then(
        () => true,
        () => false
      )
    )
    const received: ExternalEvent[] = []
    await until('the event', async () => received.push(...(await guest.poll(topic))) > 0)
    await guest.acknowledge(received[0].eventId as string, topic)
    expect((await guest.health()).healthy).to.equal(true)
    expect(await guest.lag(topic)).to.be.a('number')
  })

  it('names what a user has no right to', async () => {
    const topic = await streamers.topic(1)
    const guest = open({ ssl: { ca: secure().ca }, sasl: { mechanism: 'plain', ...GUEST } })
    const attempts = [
      () => guest.publish(notes(1), topic),
      () => guest.poll(topic),
      () => guest.provision([`${topic}-new`]),
    ]
    for (const attempt of attempts) {
      const { code, at } = await outcome(attempt())
      expect(code).to.equal('STREAMER_FORBIDDEN')
      expect(at).to.match(/^topic |^the cluster$/)
    }
    expect((await guest.health()).healthy).to.equal(false)
  })
})
