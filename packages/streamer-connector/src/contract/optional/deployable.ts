import { has } from './has'

/**
 * A rule on an event bus of the cloud: what matches its pattern belongs to the topic.
 * @experimental
 */
export interface EventRule {
  readonly kind: 'event-rule'
  /** The bus, by its name, or by its ARN if it is another account's. */
  readonly eventBus: string
  /** What the rule matches. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: Readonly<Record<string, unknown>>
  /** The name of the service's rule. */
  readonly rule: string
  /** The name of the queue that the rule fills: functions and processes of a service share it. */
  readonly queue: string
}

/**
 * A topic of Kafka, which the cloud reads as a member of a consumer group.
 * @experimental
 */
export interface KafkaTopicSource {
  readonly kind: 'kafka-topic'
  /** Where the cluster is first asked. */
  readonly brokers: readonly string[]
  /** As the brokers know it. */
  readonly topic: string
  readonly consumerGroup: string
}

/**
 * Where the events of a topic come from, as plain data: who deploys makes of it that the cloud calls a function with them.
 * @experimental
 */
export type DeployedSource = EventRule | KafkaTopicSource

/**
 * Says what a deployment needs to know of a topic.
 * @experimental
 */
export interface Deployable {
  /** Connects nothing. Throws `TOPIC_MISSING` as `poll` does. */
  deployedSource(topic?: string): DeployedSource
}

/**
 * Whether the cloud can be made to call a function with its events.
 * @experimental
 */
export function isDeployable(value: unknown): value is Deployable {
  return has(value, 'deployedSource')
}
