import type { DeployedSource } from '@boostercloud/streamer-connector'
import { settingsFrom } from '../../../src/infrastructure/parameters'
import type { AwsStreamingParameters } from '../../../src/infrastructure/parameters'
import type { Deployment } from '../../../src/infrastructure/parts'
import type { DeployedAddress } from '../../../src/infrastructure/streams'

export const RULE: DeployedSource = {
  kind: 'event-rule',
  eventBus: 'blog',
  pattern: { source: ['posts'] },
  rule: 'newsletter-production-posts',
  queue: 'newsletter-production-posts',
}

export const KAFKA: DeployedSource = {
  kind: 'kafka-topic',
  brokers: ['kafka-1.example.com:9092'],
  topic: 'posts',
  consumerGroup: 'newsletter-production',
}

export const CLUSTER = 'arn:aws:kafka:eu-west-1:123456789012:cluster/blog/3f1a2b3c-0000-4000-8000-000000000000-1'
export const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_newsletter-AbCdEf'

/** An address of the streamer `main` that somebody uses. */
export function address(
  topic: string,
  source?: DeployedSource,
  names: readonly string[] = ['Someone']
): DeployedAddress {
  return { address: `main/${topic}`, streamerId: 'main', names, source }
}

/** A service that receives and publishes these. */
export function deployment(
  streams: Partial<Deployment['streams']>,
  parameters: AwsStreamingParameters = {}
): Deployment {
  return {
    streams: { received: [], published: [], ...streams },
    settings: settingsFrom(parameters),
    booster: {
      code: { S3Bucket: 'code', S3Key: 'app.zip' },
      handler: 'dist/index.boosterRocketDispatcher',
      appName: 'newsletter',
      environmentName: 'production',
      environment: { BOOSTER_ENV: 'production' },
      eventsTable: 'EventsStore',
      readModelTables: ['Issues'],
      functions: [{ id: 'EventsMain', role: 'EventsMainRole' }],
    },
  }
}
