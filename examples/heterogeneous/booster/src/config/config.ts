import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'
import { avro } from '@boostercloud/schema-registry-codec'
import { json } from '@boostercloud/streamer-connector'

const {
  KAFKA_BROKERS = '127.0.0.1:9092',
  SCHEMA_REGISTRY_URL = 'http://127.0.0.1:8080/apis/ccompat/v7',
  RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672',
  NATS_URL = 'nats://127.0.0.1:4222',
} = process.env

Booster.configure('kafka', (config: BoosterConfig): void => {
  configure(config)
  config.streamers = {
    main: KafkaStreamer.with({
      brokers: KAFKA_BROKERS.split(','),
      topics: {
        // Likes come as CloudEvents, which is the default.
        reviews: { codec: avro({ registry: SCHEMA_REGISTRY_URL }) },
        views: { codec: json },
        reactions: { codec: json },
      },
    }),
  }
})

Booster.configure('rabbitmq', (config: BoosterConfig): void => {
  configure(config)
  config.streamers = {
    main: RabbitMQStreamer.with({
      url: RABBITMQ_URL,
      topics: { views: { codec: json }, reactions: { codec: json } },
    }),
  }
})

Booster.configure('nats', (config: BoosterConfig): void => {
  configure(config)
  // One codec for all: CloudEvents, which reads bare JSON too where a message has nothing else.
  config.streamers = { main: NatsStreamer.with({ servers: NATS_URL.split(',') }) }
})

/** What is the same whatever the broker. */
function configure(config: BoosterConfig): void {
  config.appName = 'reactions'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.logLevel = Level.warn
}
