import { expect } from 'chai'
import { TcpProxy, describeWithServer } from '@boostercloud/dev-brokers'
import type { Revoked } from '@boostercloud/streamer-connector'
import { eventually, notes, numbers, pollUntil } from '../support/note'
import { useRabbit } from '../support/rabbit'
import { rejection } from '../../../streamer-connector/test/support/rejection'

const range = (from: number, to: number): number[] => notes(from, to).map(({ n }) => n)

describeWithServer('rabbitmq', (server) => {
  const rabbit = useRabbit(server)

  async function throughProxy(use: (url: string, proxy: TcpProxy) => Promise<void>): Promise<void> {
    const proxy = await TcpProxy.to({ port: Number(new URL(rabbit.url).port) })
    try {
      await use(Object.assign(new URL(rabbit.url), { port: String(proxy.port) }).href, proxy)
    } finally {
      await proxy.close()
    }
  }

  describe('a lost connection', () => {
    it('is no warning of each queue that is consumed by it: who polls says it once', () =>
      throughProxy(async (url, proxy) => {
        const [lines, streamer] = [[] as string[], rabbit.streamer({ urls: [url] })]
        const said = (level: string) => (text: string) => void lines.push(`${level} ${text}`)
        const logger = { debug: said('debug'), info: said('info'), warn: said('warn'), error: said('error') }
        streamer.attach({ streamerId: 'main', appName: rabbit.name('app'), environment: 'test', logger })
        const topics = [rabbit.name(), rabbit.name()]
        for (const topic of topics) await streamer.poll(topic)
        proxy.cut()
        await eventually(() => lines.filter((text) => text.includes('has ended')).length === 2)
        expect(lines.filter((text) => !text.startsWith('debug'))).to.deep.equal([])
      }))
  })

  describe('lag', () => {
    it('rejects in time, as a poll does, where the server stops answering', () =>
      throughProxy(async (url, proxy) => {
        const [topic, streamer] = [rabbit.name(), rabbit.streamer({ urls: [url] })]
        expect(await streamer.lag(topic), 'no queue yet').to.equal(undefined)
        await streamer.provision([topic])
        expect(await streamer.lag(topic)).to.equal(0)
        proxy.swallow()
        const { at } = await rejection(streamer.lag(topic), 'STREAMER_UNAVAILABLE')
        expect(at).to.match(/^queue /)
        proxy.cut()
      }))
  })

  describe('poll', () => {
    it('makes a durable quorum queue with a single active consumer', async () => {
      const [topic, queue] = [rabbit.name(), rabbit.name('queue')]
      await rabbit.streamer({ queue }).poll(topic)
      const made = { 'x-queue-type': 'quorum', 'x-single-active-consumer': true }
      const { consumerCount } = await rabbit.channel.assertQueue(`${queue}.${topic}`, {
        durable: true,
        arguments: made,
      })
      expect(consumerCount).to.equal(1)
    })

    it('is named after the service', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer()
      streamer.attach({ streamerId: 'main', appName: 'blog', environment: 'production' })
      await streamer.poll(topic)
      await rabbit.channel.checkQueue(`blog-production.${topic}`)
    })

    it('acknowledges up to the mark, and no more', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer()
      await streamer.poll(topic)
      await streamer.publish(notes(0, 10), topic)
      const events = await pollUntil(streamer, topic, 10)
      for (const mark of [events[3], events[1], events[3], events[6]])
        await streamer.acknowledge(mark.eventId as string, topic)
      await streamer.close()
      expect(numbers(await pollUntil(rabbit.streamer(), topic, 3))).to.deep.equal([7, 8, 9])
    })

    it('acknowledges what a poll settles, however little, and is given what waits for it', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer({ prefetch: 10 })
      await streamer.provision([topic])
      await streamer.publish(notes(0, 11), topic)
      const events = await pollUntil(streamer, topic, 10)
      const next: unknown[] = []
      await eventually(async () => next.push(...numbers(await streamer.poll(topic, events[0].eventId))) > 0)
      expect([numbers(events), next]).to.deep.equal([range(0, 10), [10]])
    })

    it('answers at once where the server sends nothing before something is settled', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer({ prefetch: 4, pollWaitMs: 600_000 })
      await streamer.provision([topic])
      await streamer.publish(notes(0, 8), topic)
      const events = await pollUntil(streamer, topic, 4)
      expect(await streamer.poll(topic)).to.deep.equal([])
      expect(numbers(await streamer.poll(topic, events[3].eventId))).to.include(4)
    })

    it('gives a standby what a lost connection had, in order, and says so', () =>
      throughProxy(async (url, proxy) => {
        const topic = rabbit.name()
        const active = rabbit.streamer({ urls: [url] })
        const revoked: Revoked[] = []
        active.onRevoked((each) => revoked.push(each))
        await active.poll(topic)
        const standby = rabbit.streamer()
        await standby.poll(topic)
        await standby.publish(notes(0, 100), topic)
        const events = await pollUntil(active, topic, 100)
        await active.poll(topic, events[9].eventId)
        expect(await standby.poll(topic)).to.deep.equal([])
        proxy.refuse()
        const late = await pollUntil(standby, topic, 90)
        expect(numbers(late)).to.deep.equal(range(10, 100))
        await eventually(() => revoked.length > 0)
        expect(revoked).to.deep.equal([{ topic, eventIds: events.slice(10).map(({ eventId }) => eventId) }])
        proxy.heal()
        await eventually(async () => (await active.poll(topic, events[50].eventId)).length === 0)
        await standby.close()
        expect(numbers(await pollUntil(active, topic, 90))).to.deep.equal(range(10, 100))
      }))

    it('is a standby again after its connection was lost and made again', () =>
      throughProxy(async (url, proxy) => {
        const topic = rabbit.name()
        const first = rabbit.streamer({ urls: [url] })
        await first.poll(topic)
        const second = rabbit.streamer()
        await second.poll(topic)
        for (const round of [0, 1, 2]) {
          await second.publish(notes(round * 10, round * 10 + 10), topic)
          proxy.cut()
          const got = await pollUntil(second, topic, 10)
          expect(numbers(got)).to.deep.equal(range(round * 10, round * 10 + 10))
          await second.poll(topic, got[9].eventId)
          await eventually(async () => (await first.poll(topic)).length === 0)
        }
      }))

    it('shares the events of a topic among competing replicas', async () => {
      const topic = rabbit.name()
      const replicas = [1, 2].map(() => rabbit.streamer({ ordering: 'none', prefetch: 5 }))
      for (const replica of replicas) await replica.poll(topic)
      await replicas[0].publish(notes(0, 10), topic)
      const shares = await Promise.all(replicas.map((replica) => pollUntil(replica, topic, 5)))
      expect(shares.flatMap(numbers).sort((a, b) => Number(a) - Number(b))).to.deep.equal(range(0, 10))
    })

    it('comes back when its queue is deleted, and takes nothing away that it has handed out', async () => {
      const [topic, queue] = [rabbit.name(), rabbit.name('queue')]
      const streamer = rabbit.streamer({ queue })
      const revoked: Revoked[] = []
      streamer.onRevoked((each) => revoked.push(each))
      await streamer.poll(topic)
      await streamer.publish(notes(0, 3), topic)
      const [, , last] = await pollUntil(streamer, topic, 3)
      await rabbit.channel.deleteQueue(`${queue}.${topic}`)
      await eventually(async () => {
        await streamer.publish(notes(5, 6), topic)
        return numbers(await streamer.poll(topic, last.eventId)).includes(5)
      })
      expect(revoked).to.deep.equal([])
    })

    it('waits for a queue of others, and shows that it does', async () => {
      const [topic, queue] = [rabbit.name(), rabbit.name('queue')]
      const streamer = rabbit.streamer({ topics: { [topic]: { queue, declare: false } } })
      const { message } = await rejection(streamer.poll(topic), 'STREAMER_UNAVAILABLE')
      expect(message).to.include(queue)
      expect((await streamer.health()).healthy).to.equal(false)
      await rabbit.channel.assertQueue(queue)
      rabbit.channel.sendToQueue(queue, Buffer.from('{"n":1}'))
      expect(numbers(await pollUntil(streamer, topic, 1))).to.deep.equal([1])
      expect((await streamer.health()).healthy).to.equal(true)
    })

    it('can be bound with wildcards, and to an exchange of others', async () => {
      const [exchange, prefix] = [rabbit.name('exchange'), rabbit.name('orders')]
      await rabbit.channel.assertExchange(exchange, 'topic')
      const topics = { orders: { exchange, bindings: [`${prefix}.#`, `*.${prefix}`] } }
      const streamer = rabbit.streamer({ topics })
      await streamer.poll('orders')
      const keys = [`${prefix}.a.b`, 'other', `x.${prefix}`, prefix]
      for (const [n, key] of keys.entries()) rabbit.channel.publish(exchange, key, Buffer.from(`{"n":${n}}`))
      const events = await pollUntil(streamer, 'orders', 3)
      expect(numbers(events)).to.deep.equal([0, 2, 3])
      expect(events[0].streamerTopic).to.equal('orders')
    })

    it('takes a topic with wildcards for its binding', async () => {
      const base = rabbit.name('posts')
      const streamer = rabbit.streamer()
      await streamer.poll(`${base}.#`)
      await streamer.publish(notes(1, 2), `${base}.created`)
      await streamer.publish(notes(2, 3), base)
      expect(numbers(await pollUntil(streamer, `${base}.#`, 2))).to.deep.equal([1, 2])
    })

    it('takes a queue with another delivery limit as it is, and says so', async () => {
      const [topic, queue] = [rabbit.name(), rabbit.name('queue')]
      const args = { 'x-queue-type': 'quorum', 'x-single-active-consumer': true, 'x-delivery-limit': 7 }
      await rabbit.channel.assertQueue(`${queue}.${topic}`, { durable: true, arguments: args })
      const warnings: string[] = []
      const log = { debug() {}, info() {}, error() {}, warn: (message: string) => void warnings.push(message) }
      const streamer = rabbit.streamer({ queue })
      streamer.attach({ streamerId: 'main', appName: 'a', environment: 'e', logger: log })
      expect(await streamer.poll(topic)).to.deep.equal([])
      expect(warnings.join()).to.include('delivery limit 7').and.to.include(queue)
    })

    it('refuses a queue that would not keep the order', async () => {
      const [topic, queue] = [rabbit.name(), rabbit.name('queue')]
      const made = rabbit.streamer({ queue, ordering: 'none' })
      await made.provision([topic])
      const { message } = await rejection(rabbit.streamer({ queue }).poll(topic), 'DECLARATION_CONFLICT')
      expect(message).to.include(queue).and.to.include('x-single-active-consumer')
    })

    it('hands out again what could not be decoded for want of a registry', async () => {
      const topic = rabbit.name()
      const plain = rabbit.streamer()
      let isAway = true
      const { cloudEvents, StreamerError } = await import('@boostercloud/streamer-connector')
      const codec: typeof cloudEvents = {
        ...cloudEvents,
        decode(message) {
          if (isAway) throw new StreamerError('STREAMER_UNAVAILABLE', 'The registry is away.', { retryable: true })
          return cloudEvents.decode(message)
        },
      }
      const streamer = rabbit.streamer({ codec })
      await streamer.provision([topic])
      await plain.publish(notes(0, 3), topic)
      await eventually(() =>
        streamer.poll(topic).then(
          () => false,
          () => true
        )
      )
      isAway = false
      expect(numbers(await pollUntil(streamer, topic, 3))).to.deep.equal([0, 1, 2])
    })
  })

  describe('health', () => {
    it('counts what waits and what is unsettled', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer({ prefetch: 4 })
      expect((await streamer.health()).details).to.include({ connected: false })
      await streamer.poll(topic)
      await streamer.publish(notes(0, 10), topic)
      await pollUntil(streamer, topic, 4)
      await eventually(async () => (await streamer.health()).details.lag === 6)
      const { healthy, details } = await streamer.health()
      expect(healthy).to.equal(true)
      expect(details).to.deep.include({ connected: true, topics: 1, unsettled: 4, lag: 6 })
      expect(JSON.stringify(details)).not.to.include(new URL(rabbit.url).password)
    })
  })
})
