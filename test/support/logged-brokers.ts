import { TcpProxy, startServer } from '@boostercloud/dev-brokers'
import { EventBridgeStreamer } from '@boostercloud/eventbridge-streamer'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { AwsProxy } from '../../packages/eventbridge-streamer/test/support/aws-proxy'
import { motoOptions } from '../../packages/eventbridge-streamer/test/support/moto-options'
import { SecureKafka } from '../../packages/kafka-streamer/test/support/secure-kafka'

/** A broker that runs for tests. */
export interface LoggedBroker {
  /** With its topics or queues made, if `connect` does not do that. */
  connect(): StreamerConnector & { close(): Promise<void> }
  /** To a server that does not accept the password `wrong`. */
  connectWithWrongPassword(): StreamerConnector
  /** From one moment on, nothing answers. */
  cut(): Promise<void>
  /** With what it had. */
  restore(): Promise<void>
  stop(): Promise<void>
}

/** Starts each kind of broker that has passwords. */
export const LOGGED_BROKERS: Readonly<Record<string, () => Promise<LoggedBroker>>> = {
  async nats() {
    const server = await startServer('nats')
    const options = { pollWaitMs: 200, connectTimeoutMs: 1_000 }
    return {
      connect: () => NatsStreamer.with({ servers: server.url, ...options }),
      connectWithWrongPassword: () => NatsStreamer.with({ servers: wrong(server.url), ...options }),
      cut: () => server.kill(),
      restore: () => server.restart(),
      stop: () => server.stop(),
    }
  },
  /** Cut off by a proxy: a quorum queue that is new may not survive `kill -9`. */
  async rabbitmq() {
    const server = await startServer('rabbitmq')
    const url = new URL(server.url)
    const proxy = await TcpProxy.to({ port: Number(url.port) })
    url.port = String(proxy.port)
    const options = { pollWaitMs: 200, connectTimeoutMs: 2_000 }
    return {
      connect: () => RabbitMQStreamer.with({ url: url.href, ...options }),
      connectWithWrongPassword: () => RabbitMQStreamer.with({ url: wrong(url.href), ...options }),
      cut: () => Promise.resolve(proxy.refuse()),
      restore: () => Promise.resolve(proxy.heal()),
      async stop() {
        await proxy.close()
        await server.stop()
      },
    }
  },
  async kafka() {
    const server = await SecureKafka.start({ guest: 'right' })
    const sasl = { mechanism: 'plain', username: 'guest', password: 'wrong' } as const
    const admin = KafkaStreamer.with({ brokers: [server.brokers.plain] })
    await admin.provision(['posts', 'users'])
    await admin.close()
    return {
      connect: () => KafkaStreamer.with({ brokers: [server.brokers.plain], connectTimeoutMs: 2_000 }),
      connectWithWrongPassword: () =>
        KafkaStreamer.with({ brokers: [server.brokers.sasl], ssl: { ca: server.ca }, sasl }),
      cut: () => server.kill(),
      restore: () => server.restart(),
      stop: () => server.stop(),
    }
  },
  /** Moto accepts every signature, so a proxy before it answers as AWS does to a wrong secret. */
  async eventbridge() {
    const server = await startServer('moto')
    const proxy = await AwsProxy.to(server.url)
    const message = 'The request signature we calculated does not match the signature you provided.'
    const body = { __type: 'SignatureDoesNotMatch', message }
    const options = { ...motoOptions(proxy.url), pollWaitMs: 200 }
    return {
      connect: () => EventBridgeStreamer.with(options),
      connectWithWrongPassword() {
        proxy.answer = () => ({ status: 403, body })
        return EventBridgeStreamer.with({ ...options, credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' } })
      },
      cut: () => proxy.cut(),
      async restore() {
        proxy.answer = () => undefined
        await proxy.restore()
      },
      async stop() {
        await proxy.close()
        await server.stop()
      },
    }
  },
}

function wrong(address: string): string {
  const url = new URL(address)
  url.password = 'wrong'
  return url.href
}
