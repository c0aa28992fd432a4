import { expect } from 'chai'
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
