import type { NatsTopics, RabbitMQTopics } from '@bridge/contracts'
import type {} from '@boostercloud/streamers'

/** The brokers of this service. From here on the compiler checks every address, event and handler against them. */
declare module '@boostercloud/streamers' {
  interface Streamers {
    rabbitmq: RabbitMQTopics
    nats: NatsTopics
  }
}
