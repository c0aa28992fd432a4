import { randomUUID } from 'node:crypto'
import { headers as natsHeaders } from '@nats-io/nats-core'
import { jetstream } from '@nats-io/jetstream'
import { connect } from 'amqplib'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { asProducer, bareKafka } from '../../packages/kafka-streamer/test/support/cluster'
import { TEST_OPTIONS } from '../../packages/kafka-streamer/test/support/test-options'
import { connectPlainly } from '../../packages/nats-streamer/test/support/plain-client'
import type { SdkMessage } from './judges'

type Streamer = KafkaStreamer | NatsStreamer | RabbitMQStreamer

/** A broker with a streamer on it, and its own client beside the streamer. */
export interface Wire {
  readonly name: 'kafka' | 'nats' | 'rabbitmq'
  readonly streamer: Streamer
  /** A topic that nobody has used. */
  topic(): Promise<string>
  /** Writes messages by the broker's own client. */
  write(topic: string, messages: readonly SdkMessage[]): Promise<void>
  /** Reads by the broker's own client what `publish` has published to a topic meanwhile. */
  read(topic: string, publish: () => Promise<void>, count: number): Promise<SdkMessage[]>
  stop(): Promise<void>
}

/** All of them, started side by side. */
export function startBrokers(): Promise<Wire[]> {
  return Promise.all([kafka(), nats(), rabbitmq()])
}

/** The events of a topic, as the streamer hands them to handlers. */
export async function polled({ streamer }: Wire, topic: string, count: number): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  const end = Date.now() + 30_000
  while (events.length < count) {
    if (Date.now() > end) throw new Error(`${events.length} of ${count} events came`)
    events.push(...(await streamer.poll(topic, events.at(-1)?.eventId)))
  }
  return events
}

function attached<S extends Streamer>(streamer: S): S {
  streamer.attach({ streamerId: 'main', appName: 'sdks', environment: 'test' })
  return streamer
}

function stopped(streamer: Streamer, server: Server): () => Promise<void> {
  return async () => {
    await streamer.close()
    await server.stop()
  }
}

async function freshTopic(streamer: Pick<KafkaStreamer | NatsStreamer, 'provision'>): Promise<string> {
  const topic = `topic-${randomUUID()}`
  await streamer.provision([topic])
  return topic
}

async function kafka(): Promise<Wire> {
  const server = await startServer('kafka')
  const streamer = attached(KafkaStreamer.with({ ...TEST_OPTIONS, brokers: [server.url] }))
  return {
    name: 'kafka',
    streamer,
    topic: () => freshTopic(streamer),
    async write(topic, messages) {
      const sent = messages.map(({ headers, key, body }) => ({
        headers: headers as Record<string, string>,
        key,
        value: Buffer.from(body, 'hex'),
        partition: 0,
      }))
      await asProducer(server.url, (producer) => producer.send({ topic, messages: sent }))
    },
    async read(topic, publish, count) {
      await publish()
      const consumer = bareKafka(server.url).consumer({ groupId: `judge-${randomUUID()}` })
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      const messages: SdkMessage[] = []
      await new Promise<void>((resolve, reject) => {
        const take = async ({
          message,
        }: {
          message: { headers?: object; key: Buffer | null; value: Buffer | null }
        }) => {
          const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])
          const body = message.value?.toString('hex') ?? ''
          messages.push({ headers: Object.fromEntries(headers), key: message.key?.toString(), body })
          if (messages.length === count) resolve()
        }
        consumer.run({ eachMessage: take }).catch(reject)
      })
      await consumer.disconnect()
      return messages
    },
    stop: stopped(streamer, server),
  }
}

async function nats(): Promise<Wire> {
  const server = await startServer('nats')
  const stream = `sdks-${randomUUID()}`
  const streamer = attached(NatsStreamer.with({ servers: server.url, stream, pollWaitMs: 200 }))
  const subjectOf = (topic: string): string => `${stream}.${topic}`
  return {
    name: 'nats',
    streamer,
    topic: () => freshTopic(streamer),
    async write(topic, messages) {
      const connection = await connectPlainly(server.url)
      for (const { headers, body } of messages) {
        const written = natsHeaders()
        for (const [name, value] of Object.entries(headers)) written.append(name, String(value))
        await jetstream(connection).publish(subjectOf(topic), Buffer.from(body, 'hex'), { headers: written })
      }
      await connection.close()
    },
    async read(topic, publish, count) {
      await publish()
      const connection = await connectPlainly(server.url)
      const consumer = await jetstream(connection).consumers.get(stream, { filter_subjects: [subjectOf(topic)] })
      const messages: SdkMessage[] = []
      for await (const { headers, data } of await consumer.fetch({ max_messages: count, expires: 10_000 })) {
        const named = [...(headers ?? [])].map(([name, [value]]) => [name, value])
        messages.push({ headers: Object.fromEntries(named), body: Buffer.from(data).toString('hex') })
      }
      await connection.close()
      return messages
    },
    stop: stopped(streamer, server),
  }
}

async function rabbitmq(): Promise<Wire> {
  const server = await startServer('rabbitmq')
  const streamer = attached(RabbitMQStreamer.with({ url: server.url, pollWaitMs: 200 }))
  return {
    name: 'rabbitmq',
    streamer,
    topic: async () => `topic-${randomUUID()}`,
    async write(topic, messages) {
      const connection = await connect(server.url)
      const channel = await connection.createConfirmChannel()
      for (const { headers, contentType, body } of messages) {
        const properties = { headers, ...(contentType ? { contentType } : {}) }
        channel.publish('streamers', topic, Buffer.from(body, 'hex'), properties)
      }
      await channel.waitForConfirms()
      await connection.close()
    },
    async read(topic, publish, count) {
      const connection = await connect(server.url)
      const channel = await connection.createChannel()
      await channel.assertExchange('streamers', 'topic', { durable: true })
      const { queue } = await channel.assertQueue('', { exclusive: true })
      await channel.bindQueue(queue, 'streamers', topic)
      const messages: SdkMessage[] = []
      const all = new Promise<void>((resolve) => {
        void channel.consume(queue, (message) => {
          const { headers = {}, contentType } = message?.properties ?? {}
          messages.push({
            headers: headers as SdkMessage['headers'],
            contentType: contentType as string,
            body: message?.content.toString('hex') ?? '',
          })
          if (messages.length === count) resolve()
        })
      })
      await publish()
      await all
      await connection.close()
      return messages
    },
    stop: stopped(streamer, server),
  }
}
