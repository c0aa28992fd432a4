/** How an app reaches a broker. */
export interface BrokerChoice {
  readonly package: string
  readonly streamer: string
  /** What makes the streamer, as it stands in the app's config. */
  readonly code: string
}

/** What `--broker` takes. The variables are those that `boost-streamers brokers up` prints. */
export const BROKERS: Readonly<Record<string, BrokerChoice>> = {
  local: {
    package: '@boostercloud/local-streamer',
    streamer: 'LocalStreamer',
    code: "LocalStreamer.with({ path: '.booster/main' })",
  },
  kafka: {
    package: '@boostercloud/kafka-streamer',
    streamer: 'KafkaStreamer',
    code: "KafkaStreamer.with({ brokers: (process.env.STREAMERS_KAFKA_BROKERS ?? '127.0.0.1:9092').split(',') })",
  },
  nats: {
    package: '@boostercloud/nats-streamer',
    streamer: 'NatsStreamer',
    code: "NatsStreamer.with({ servers: process.env.STREAMERS_NATS_URL ?? 'nats://127.0.0.1:4222' })",
  },
  rabbitmq: {
    package: '@boostercloud/rabbitmq-streamer',
    streamer: 'RabbitMQStreamer',
    code: "RabbitMQStreamer.with({ url: process.env.STREAMERS_RABBITMQ_URL ?? 'amqp://127.0.0.1:5672' })",
  },
}
