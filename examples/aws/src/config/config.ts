import { EventBridgeStreamer } from '@boostercloud/eventbridge-streamer'
import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { loadSecrets, streamOnAws } from '@boostercloud/streamers-aws'

const { KAFKA_BROKERS = 'b-1.example.kafka.eu-west-1.amazonaws.com:9096' } = process.env
const ACCOUNT = 'eu-west-1:123456789012'

/** Over EventBridge, on a bus that this service's deployment makes. */
Booster.configure('production', (config: BoosterConfig): void => {
  config.appName = 'newsletter'
  config.providerPackage = '@boostercloud/framework-provider-aws'
  config.streamers = { main: EventBridgeStreamer.with({ eventBus: 'blog' }) }
  streamOnAws(config, { eventBuses: ['blog'] })
})

/** Over a cluster of Amazon MSK. */
Booster.configure('kafka', (config: BoosterConfig): void => {
  loadSecrets()
  config.appName = 'newsletter'
  config.providerPackage = '@boostercloud/framework-provider-aws'
  config.streamers = {
    main: KafkaStreamer.with({
      brokers: KAFKA_BROKERS.split(','),
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'newsletter', password: process.env.KAFKA_PASSWORD ?? '' },
    }),
  }
  streamOnAws(config, {
    secrets: { KAFKA_PASSWORD: `arn:aws:secretsmanager:${ACCOUNT}:secret:AmazonMSK_newsletter-AbCdEf#password` },
    kafka: {
      main: {
        cluster: `arn:aws:kafka:${ACCOUNT}:cluster/blog/3f1a2b3c-0000-4000-8000-000000000000-1`,
        authentication: 'scram-sha-512',
        secret: `arn:aws:secretsmanager:${ACCOUNT}:secret:AmazonMSK_newsletter-AbCdEf`,
      },
    },
    networks: { main: { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] } },
  })
})
