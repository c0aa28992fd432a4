import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'

const { KAFKA_BROKERS = '127.0.0.1:9092', NATS_URL = 'nats://127.0.0.1:4222' } = process.env

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'shop'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.logLevel = Level.warn
  config.streamers = {
    kafka: KafkaStreamer.with({ brokers: KAFKA_BROKERS.split(',') }),
    nats: NatsStreamer.with({ servers: NATS_URL.split(',') }),
  }
})
