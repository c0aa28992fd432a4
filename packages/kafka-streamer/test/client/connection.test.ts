import { expect } from 'chai'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { isStreamerError, newEventId, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { KafkaProxy } from '../support/kafka-proxy'
import { Note } from '../support/note'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

describe('connections to Kafka that fail', function () {
  this.timeout(120_000)
  let [proxy, server]: [KafkaProxy | undefined, Server | undefined] = [undefined, undefined]
  let target = 0
  const streamers = new Streamers(() => `127.0.0.1:${(proxy as KafkaProxy).port}`)

  before(async function () {
    this.timeout(0)
    proxy = await KafkaProxy.listen(() => target)
    const advertised = `PLAINTEXT://127.0.0.1:${proxy.port}`
    server = await startServer('kafka', { settings: { 'advertised.listeners': advertised } })
    target = Number(server.url.split(':').at(-1))
  })

  after(async () => {
    await streamers.close()
    await proxy?.close()
    await server?.stop()
  })

  it('loses nothing and keeps the order of a key, for who publishes again what was rejected', async () => {
    const topic = await streamers.topic(1)
    const [publisher, reader] = [streamers.open(), streamers.open('cut')]
    const received: ExternalEvent[] = []
    let mark: string | undefined
    let isDone = false
    const reading = (async () => {
      while (!isDone) {
        const events = await reader.poll(topic, mark).catch(() => [])
        received.push(...events)
        mark = events.at(-1)?.eventId ?? mark
      }
    })()
    for (const n of range(40)) {
      const event = withMetadata(new Note('key', n), { id: newEventId() })
      if (n % 20 === 10) setTimeout(() => proxy?.cut(), 1)
      if (n % 20 === 15) proxy?.down(true)
      const again = setTimeout(() => proxy?.down(false), 300)
      await until(`event ${n} to be published`, () =>
        publisher.publish([event], topic).then(
          () => true,
          (thrown: unknown) => {
            expect(isStreamerError(thrown, 'STREAMER_UNAVAILABLE'), String(thrown)).to.equal(true)
            return false
          }
        )
      )
      proxy?.down(false)
      clearTimeout(again)
    }
    await until('all events', () => new Set(numbersOf(received)).size === 40)
    isDone = true
    await reading
    const ids = new Map(received.map(({ metadata, eventPayload }) => [metadata?.id, (eventPayload as Note).n]))
    expect(ids.size, 'a repeat has the same id').to.equal(40)
    expect([...new Set(numbersOf(received))]).to.deep.equal(range(40))
  })

  it('closes at once while nothing can be reached', async () => {
    const topic = await streamers.topic(1)
    const streamer = streamers.open('stuck')
    await streamer.publish(notes(1), topic)
    await until('an event', async () => (await streamer.poll(topic)).length > 0)
    proxy?.down(true)
    const begin = Date.now()
    const publishing = streamer.publish(notes(1, { from: 1 }), topic).catch((error: unknown) => error)
    await Promise.all([streamer.close(), streamer.close()])
    expect(isStreamerError(await publishing)).to.equal(true)
    expect(Date.now() - begin).to.be.below(15_000)
    proxy?.down(false)
  })

  it('shows a topic as unhealthy of which nothing comes although everything is connected, until it does again', async () => {
    const topic = await streamers.topic(1)
    const reader = streamers.open('stalled', {}, { stallMs: 1_500 })
    await streamers.open().publish(notes(1), topic)
    await until('an event', async () => (await reader.poll(topic)).length > 0)
    proxy?.holdFetches(true)
    await streamers.open().publish(notes(1, { from: 1 }), topic)
    await until('it to be unhealthy', async () => {
      const { healthy, details } = await reader.health()
      return !healthy && details.connected === true && details[`${topic}.stalled`] === true
    })
    proxy?.holdFetches(false)
    const received: ExternalEvent[] = []
    await until('the other event', async () => received.push(...(await reader.poll(topic))) > 0)
    await until('it to be healthy', async () => (await reader.health()).healthy)
  })
})
