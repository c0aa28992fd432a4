import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig, Level } from '@boostercloud/framework-types'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { RabbitMQStreamer } from '@boostercloud/rabbitmq-streamer'

const { RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672', NATS_URL = 'nats://127.0.0.1:4222' } = process.env

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'courier'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.logLevel = Level.warn
  config.streamers = {
    rabbitmq: RabbitMQStreamer.with({ url: RABBITMQ_URL }),
    nats: NatsStreamer.with({ servers: NATS_URL.split(',') }),
  }
})
