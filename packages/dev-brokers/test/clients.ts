import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { usernamePasswordAuthenticator } from '@nats-io/nats-core'
import { connect as connectNats } from '@nats-io/transport-node'
import { connect as connectRabbit } from 'amqplib'
import { Kafka, logLevel } from 'kafkajs'

/** What its users would do with a server: write one thing that it says it has, and read it. */
export interface PlainClient {
  write(url: string, text: string): Promise<void>
  read(url: string): Promise<string>
}

const NAME = 'kept'

export const kafkaClient: PlainClient = {
  async write(url, text) {
    const producer = kafkaAt(url).producer()
    await producer.connect()
    await producer.send({ topic: NAME, acks: -1, messages: [{ value: text }] })
    await producer.disconnect()
  },
  async read(url) {
    const consumer = kafkaAt(url).consumer({ groupId: `${NAME}-${Date.now()}` })
    await consumer.connect()
    await consumer.subscribe({ topic: NAME, fromBeginning: true })
    const text = await new Promise<string>((resolve, reject) => {
      consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) }).catch(reject)
    })
    await consumer.disconnect()
    return text
  },
}

function kafkaAt(url: string): Kafka {
  return new Kafka({ brokers: [url], logLevel: logLevel.NOTHING, retry: { retries: 20, maxRetryTime: 1_000 } })
}

export const natsClient: PlainClient = {
  async write(url, text) {
    const connection = await natsAt(url)
    const manager = await jetstreamManager(connection)
    await manager.streams.add({ name: NAME, subjects: [NAME] })
    await jetstream(connection).publish(NAME, text)
    await connection.close()
  },
  async read(url) {
    const connection = await natsAt(url)
    const manager = await jetstreamManager(connection)
    const message = await manager.streams.getMessage(NAME, { seq: 1 })
    await connection.close()
    return message?.string() ?? 'nothing'
  },
}

function natsAt(url: string): ReturnType<typeof connectNats> {
  const { host, username, password } = new URL(url)
  return connectNats({ servers: host, authenticator: usernamePasswordAuthenticator(username, password) })
}

/**
 * Its queue is a classic one: a quorum queue whose server is killed within half a second of its first declaration comes back without a leader
 * (https://github.com/rabbitmq/rabbitmq-server/issues/15725).
 */
export const rabbitmqClient: PlainClient = {
  async write(url, text) {
    const connection = await connectRabbit(url)
    const channel = await connection.createConfirmChannel()
    await channel.assertQueue(NAME, { durable: true })
    channel.sendToQueue(NAME, Buffer.from(text), { persistent: true })
    await channel.waitForConfirms()
    await connection.close()
  },
  async read(url) {
    const connection = await connectRabbit(url)
    const channel = await connection.createChannel()
    const message = await channel.get(NAME, { noAck: true })
    await connection.close()
    return message ? message.content.toString() : 'nothing'
  },
}
