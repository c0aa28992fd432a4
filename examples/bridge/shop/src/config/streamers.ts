import type { KafkaTopics, NatsTopics } from '@bridge/contracts'
import type {} from '@boostercloud/streamers'

/** The brokers of this service. From here on the compiler checks every address, event and handler against them. */
declare module '@boostercloud/streamers' {
  interface Streamers {
    kafka: KafkaTopics
    nats: NatsTopics
  }
}
