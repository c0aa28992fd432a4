import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'

const { KAFKA_BROKERS = '127.0.0.1:9092', RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672' } = process.env

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'warehouse'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.logLevel = Level.warn
  config.streamers = {
    kafka: KafkaStreamer.with({ brokers: KAFKA_BROKERS.split(',') }),
    // Nothing is packed for nobody: until the courier has its queue, a parcel waits here.
    rabbitmq: RabbitMQStreamer.with({ url: RABBITMQ_URL, unroutable: 'reject' }),
  }
})
