import { expect } from 'chai'
import type { GetMessage } from 'amqplib'
import { TcpProxy, describeWithServer } from '@boostercloud/dev-brokers'
import { cloudEvents, isPartialPublishError, withMetadata } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import { Note, eventually, notes, numbers, pollUntil } from '../support/note'
import { spy, useRabbit } from '../support/rabbit'
import { rejection } from '../../../streamer-connector/test/support/rejection'

describeWithServer('rabbitmq', (server) => {
  const rabbit = useRabbit(server)

  async function got(queue: string): Promise<GetMessage> {
    let message: GetMessage | false = false
    await eventually(async () => (message = await rabbit.channel.get(queue, { noAck: true })) !== false)
    return message as unknown as GetMessage
  }

  describe('publish', () => {
    it('sends what any client of RabbitMQ can read', async () => {
      const topic = rabbit.name()
      const queue = await spy(rabbit.channel, 'streamers', topic)
      const streamer = rabbit.streamer({ source: 'blog' })
      await streamer.publish([withMetadata(new Note(4), { id: 'id-4', correlationId: 'request-1' })], topic)
      const { content, fields, properties } = await got(queue)
      expect(JSON.parse(content.toString())).to.deep.equal({ n: 4 })
      expect(fields).to.include({ exchange: 'streamers', routingKey: topic })
      expect(properties).to.include({
        contentType: 'application/json',
        deliveryMode: 2,
        messageId: 'id-4',
        type: 'Note',
        appId: 'blog',
        correlationId: 'request-1',
      })
      expect(properties.timestamp).to.be.closeTo(Date.now() / 1000, 60)
      expect(properties.headers).to.include({
        'cloudEvents:specversion': '1.0',
        'cloudEvents:id': 'id-4',
        'cloudEvents:subject': 'note-1',
        partitionkey: 'note-1',
      })
    })

    it('keeps the order of calls that are under way at once, however long their encoding takes', async () => {
      const topic = rabbit.name()
      const slowFirst: Codec = {
        ...cloudEvents,
        async encode(event, metadata) {
          if ((event as Note).n < 5) await new Promise((resolve) => setTimeout(resolve, 20))
          return cloudEvents.encode(event, metadata)
        },
      }
      const streamer = rabbit.streamer({ codec: slowFirst, maxInFlight: 3 })
      await streamer.provision([topic])
      await Promise.all([0, 10, 20, 30].map((from) => streamer.publish(notes(from, from + 10), topic)))
      const all = numbers(await pollUntil(streamer, topic, 40))
      expect(all).to.deep.equal(Array.from({ length: 40 }, (_, n) => n))
    })

    it('goes on with the next call when one cannot be encoded', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer({ maxEventBytes: 1000 })
      await streamer.provision([topic])
      const calls = [
        streamer.publish([new Note(1)], topic),
        rejection(
          streamer.publish([withMetadata(new Note(2), { headers: { CC: 'x' } })], topic),
          'EVENT_NOT_ENCODABLE'
        ),
        rejection(
          streamer.publish([withMetadata(new Note(3), { subject: 'x'.repeat(1001) })], topic),
          'EVENT_TOO_LARGE'
        ),
        streamer.publish([new Note(4)], topic),
      ]
      await Promise.all(calls)
      expect(numbers(await pollUntil(streamer, topic, 2))).to.deep.equal([1, 4])
    })

    it('lets an event go that nobody listens to, unless it was told to reject', async () => {
      const topic = rabbit.name()
      await rabbit.streamer().publish(notes(0, 3), topic)
      const strict = rabbit.streamer({ unroutable: 'reject' })
      const error = await rejection(strict.publish(notes(0, 3), topic), 'STREAMER_UNAVAILABLE')
      expect(error.retryable).to.equal(true)
      expect(error.message).to.include(topic).and.to.include("'streamers'")
      await strict.provision([topic])
      await strict.publish(notes(0, 3), topic)
      expect(numbers(await pollUntil(strict, topic, 3))).to.deep.equal([0, 1, 2])
    })

    it('names the events that came to no queue, also where two are the same', async () => {
      const [exchange, queue] = [rabbit.name('headers'), rabbit.name('queue')]
      await rabbit.channel.assertExchange(exchange, 'headers')
      await rabbit.channel.assertQueue(queue)
      await rabbit.channel.bindQueue(queue, exchange, '', { 'x-match': 'all', wanted: 'yes' })
      const streamer = rabbit.streamer({ unroutable: 'reject', topics: { posts: { exchange, queue, declare: false } } })
      const unwanted = new Note(9)
      const events = notes(0, 4).map((note) => withMetadata(note, { id: `id-${note.n}`, headers: { wanted: 'yes' } }))
      events.splice(1, 0, unwanted)
      events.splice(3, 0, unwanted)
      const thrown = await streamer.publish(events, 'posts').catch((error: unknown) => error)
      expect(isPartialPublishError(thrown) && thrown.failed.map(({ index }) => index)).to.deep.equal([1, 3])
      expect(numbers(await pollUntil(streamer, 'posts', 4))).to.deep.equal([0, 1, 2, 3])
    })

    it('rejects what a queue refuses', async () => {
      const topic = rabbit.name()
      const full = { 'x-max-length': 1, 'x-overflow': 'reject-publish' }
      const streamer = rabbit.streamer({ queueArguments: full })
      await streamer.provision([topic])
      let error: unknown
      await eventually(async () => {
        error = await streamer.publish(notes(0, 1), topic).catch((thrown: unknown) => thrown)
        return error !== undefined
      })
      expect(String(error)).to.include('refuses')
    })

    it('sends nothing to a topic with wildcards, or with a name beyond AMQP', async () => {
      const streamer = rabbit.streamer()
      for (const topic of ['#', 'posts.*', '*.posts', 'x'.repeat(250)]) {
        const { at } = await rejection(streamer.publish(notes(0, 1), topic), 'OPTION_INVALID')
        expect(at).to.equal(topic)
      }
      await rejection(streamer.publish(notes(0, 1)), 'TOPIC_MISSING')
    })

    it('names an exchange of others that is not there, and works when it is', async () => {
      const [exchange, topic] = [rabbit.name('exchange'), rabbit.name()]
      const streamer = rabbit.streamer({ exchange, declare: false })
      const { message } = await rejection(streamer.publish(notes(0, 1), topic), 'STREAMER_UNAVAILABLE')
      expect(message).to.include(exchange)
      const queue = await spy(rabbit.channel, exchange, topic)
      await streamer.publish(notes(5, 6), topic)
      expect(JSON.parse((await got(queue)).content.toString())).to.deep.equal({ n: 5 })
    })

    it('says when an exchange was made in another way', async () => {
      const exchange = rabbit.name('exchange')
      await rabbit.channel.assertExchange(exchange, 'fanout')
      const { message } = await rejection(
        rabbit.streamer({ exchange }).publish(notes(0, 1), 'x'),
        'DECLARATION_CONFLICT'
      )
      expect(message).to.include(exchange).and.to.include("'type'")
    })

    it('rejects within its limit where the server does not answer, and comes back', async () => {
      const proxy = await TcpProxy.to({ port: Number(new URL(rabbit.url).port) })
      const url = Object.assign(new URL(rabbit.url), { port: String(proxy.port) }).href
      const topic = rabbit.name()
      const streamer = rabbit.streamer({ urls: [url], publishTimeoutMs: 300, connectTimeoutMs: 1000 })
      try {
        await streamer.provision([topic])
        await eventually(() => streamer.publish(notes(0, 1), topic).then(() => true))
        proxy.swallow()
        const errors = await Promise.all(
          [1, 2].map((n) => rejection(streamer.publish(notes(n, n + 1), topic), 'STREAMER_UNAVAILABLE'))
        )
        expect(errors.every(({ retryable }) => retryable)).to.equal(true)
        proxy.heal()
        await eventually(() => streamer.publish(notes(3, 4), topic).then(() => true))
        expect(numbers(await pollUntil(streamer, topic, 2))).to.include.members([0, 3])
      } finally {
        await streamer.close()
        await proxy.close()
      }
    })

    it('goes to another server of the cluster when one is away', async () => {
      const topic = rabbit.name()
      const streamer = rabbit.streamer({ urls: ['amqp://127.0.0.1:1', rabbit.url] })
      await streamer.provision([topic])
      await streamer.publish(notes(0, 2), topic)
      expect(numbers(await pollUntil(streamer, topic, 2))).to.deep.equal([0, 1])
    })
  })
})
