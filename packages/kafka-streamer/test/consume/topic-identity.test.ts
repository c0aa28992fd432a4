import { expect } from 'chai'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { KafkaStreamer } from '../../src'
import { noteFrom } from '../../src/wire/position-note'
import { asAdmin, commitAs, commitsOf } from '../support/cluster'
import { KafkaProxy } from '../support/kafka-proxy'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

/** https://kafka.apache.org/protocol#protocol_api_keys */
const [FETCH, METADATA] = [1, 3]
const [OLD, NEW] = [5, 8]

describe('a topic of Kafka that is deleted and made again', function () {
  this.timeout(60_000)
  let [proxy, server]: [KafkaProxy | undefined, Server | undefined] = [undefined, undefined]
  let target = 0
  const broker = (): string => `127.0.0.1:${(proxy as KafkaProxy).port}`
  const streamers = new Streamers(broker)

  before(async function () {
    this.timeout(0)
    proxy = await KafkaProxy.listen(() => target)
    server = await startServer('kafka', { settings: { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}` } })
    target = Number(server.url.split(':').at(-1))
  })
  afterEach(async () => {
    proxy?.holdFetches(false)
    proxy?.actAsOlder(undefined)
    await streamers.close()
  })
  after(async () => {
    await proxy?.close()
    await server?.stop()
  })

  /** Polls, settling everything, until there is nothing more. */
  const drain = async (streamer: KafkaStreamer, topic: string, count: number): Promise<ExternalEvent[]> => {
    const received: ExternalEvent[] = []
    await until(`${count} events`, async () => {
      const events = await streamer.poll(topic, received.at(-1)?.eventId).catch(() => undefined)
      received.push(...(events ?? []))
      return events?.length === 0 && received.length >= count
    })
    const last = received.at(-1)?.eventId
    if (last !== undefined) await streamer.acknowledge(last, topic)
    return received
  }

  const replace = async (topic: string): Promise<void> => {
    await asAdmin(broker(), (admin) => admin.deleteTopics({ topics: [topic] }))
    // Where the answer came too late, the topic is there, and cannot be made once more.
    let isTooLate = false
    const make = (): Promise<boolean> => asAdmin(broker(), (admin) => admin.createTopics({ topics: [{ topic }] }))
    await until('the topic to be there again', () =>
      make().then(
        (isMade) => isMade || isTooLate,
        () => !(isTooLate = true)
      )
    )
    await streamers.open().publish(notes(NEW, { from: 100 }), topic)
  }
  const renewedNotes = notes(NEW, { from: 100 }).map(({ n }) => n)

  it('is read from its first record, though the position that its group left is within it', async () => {
    const topic = await streamers.topic(1)
    await streamers.open().publish(notes(OLD), topic)
    await drain(streamers.open('away'), topic, OLD)
    await streamers.close()
    const left = await commitsOf(broker(), 'away-test', topic)
    expect(left.map(({ offset }) => offset)).to.deep.equal([String(OLD)])
    await replace(topic)
    // As by a replica that settled while the topic was made again: a broker forgets positions with their topic, and then takes this one.
    await commitAs(broker(), 'away-test', topic, left)
    const back = streamers.open('away')
    expect(numbersOf(await drain(back, topic, NEW))).to.deep.equal(renewedNotes)
    expect((await back.health()).details[`${topic}.madeAgain`]).to.be.a('string')
    const [now] = await commitsOf(broker(), 'away-test', topic)
    expect(noteFrom(now?.metadata).topicId).not.to.be.oneOf([undefined, noteFrom(left[0]?.metadata).topicId])
    await streamers.close()
    expect(await drain(streamers.open('away'), topic, 0), 'it is said once').to.deep.equal([])
  })

  it('is read from its first record by a reader that was cut off while it was made again, and settles late', async () => {
    const topic = await streamers.topic(1)
    const reader = streamers.open('running', { metadataMaxAgeMs: 600_000 })
    await streamers.open().publish(notes(OLD), topic)
    const received: ExternalEvent[] = []
    await until('the events', async () => received.push(...(await reader.poll(topic))) === OLD)
    proxy?.holdFetches(true)
    await replace(topic)
    // Where that took long, its group has put it out meanwhile, and it settles nothing.
    const late = reader.acknowledge(received.at(-1)?.eventId as string, topic)
    await late.catch((error: unknown) => expect(error).to.have.property('code', 'STREAMER_UNAVAILABLE'))
    proxy?.holdFetches(false)
    expect(numbersOf(await drain(reader, topic, NEW))).to.deep.equal(renewedNotes)
  })

  it('is not suspected where a position has no id, as of an earlier version: it is taken over, and has one from then on', async () => {
    const topic = await streamers.topic(1)
    await streamers.open().publish(notes(NEW), topic)
    await commitAs(broker(), 'earlier-test', topic, [{ partition: 0, offset: String(OLD), metadata: null }])
    const reader = streamers.open('earlier')
    await until('the position to be taken over', async () => {
      await reader.poll(topic)
      const [commit] = await commitsOf(broker(), 'earlier-test', topic)
      return commit?.offset === String(OLD) && noteFrom(commit.metadata).topicId !== undefined
    })
    await streamers.close()
    const rest = await drain(streamers.open('earlier'), topic, NEW - OLD)
    expect(numbersOf(rest)).to.deep.equal([5, 6, 7])
  })

  it('cannot be told from the one before by brokers that keep no ids, which health says', async () => {
    const topic = await streamers.topic(1)
    proxy?.actAsOlder({ [FETCH]: 12, [METADATA]: 9 })
    await streamers.open().publish(notes(OLD), topic)
    const reader = streamers.open('old-broker')
    expect(numbersOf(await drain(reader, topic, OLD))).to.deep.equal([0, 1, 2, 3, 4])
    const { healthy, details } = await reader.health()
    expect([healthy, details[`${topic}.id`]]).to.deep.equal([true, 'unknown'])
    expect(noteFrom((await commitsOf(broker(), 'old-broker-test', topic))[0]?.metadata).topicId).to.equal(undefined)
  })
})
