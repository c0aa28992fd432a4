import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'

const {
  KAFKA_BROKERS = '127.0.0.1:9092',
  RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672',
  NATS_URL = 'nats://127.0.0.1:4222',
} = process.env

Booster.configure('local', (config: BoosterConfig): void => {
  configure(config)
  config.streamers = { main: LocalStreamer.with({ path: process.env.BLOG_LOG ?? '../.booster/main' }) }
})

Booster.configure('kafka', (config: BoosterConfig): void => {
  configure(config)
  config.streamers = { main: KafkaStreamer.with({ brokers: KAFKA_BROKERS.split(',') }) }
})

Booster.configure('rabbitmq', (config: BoosterConfig): void => {
  configure(config)
  config.streamers = { main: RabbitMQStreamer.with({ url: RABBITMQ_URL }) }
})

Booster.configure('nats', (config: BoosterConfig): void => {
  configure(config)
  config.streamers = { main: NatsStreamer.with({ servers: NATS_URL.split(',') }) }
})

/** What is the same whatever the broker. */
function configure(config: BoosterConfig): void {
  config.appName = 'audit'
  config.providerPackage = '@boostercloud/framework-provider-sql'
  config.logLevel = Level.warn
}
