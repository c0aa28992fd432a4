import type { json as jsonCodec } from '@boostercloud/streamer-connector'
import type { EventBridgeStreamer as EventBridge } from '@boostercloud/eventbridge-streamer'
import type { BoosterConfig, RoleInterface } from '@boostercloud/framework-types'
import type {} from '@boostercloud/framework-provider-sql'
import type { KafkaStreamer as Kafka } from '@boostercloud/kafka-streamer'
import type { RabbitMQStreamer as RabbitMQ } from '@boostercloud/rabbitmq-streamer'
import type * as conformance from '@boostercloud/streamer-testkit/conformance'
import type {} from '@boostercloud/streamers'
import type { expect as chaiExpect } from 'chai'
import type { FolderStreamer as Folder } from '../../examples/own-connector/src/folder-streamer'

/** What the passages of code on pages take as given: an app's configuration, and names that the text around them explains. */
declare global {
  const config: BoosterConfig
  const Operator: new () => RoleInterface
  const EventBridgeStreamer: typeof EventBridge
  const KafkaStreamer: typeof Kafka
  const credentials: () => Promise<{ username: string; password: string }>
  const RabbitMQStreamer: typeof RabbitMQ
  const FolderStreamer: typeof Folder
  const json: typeof jsonCodec
  const protoText: string
  const expect: typeof chaiExpect
  const MyStore: { at(url: string): Promise<{ write(text: string): Promise<void>; read(): Promise<string> }> }
  const harness: Parameters<typeof conformance.runCase>[1]
  const setUp: conformance.ConformanceColumn['setUp']
  const options: conformance.ConformanceColumn['options']
  type ConformanceColumn = conformance.ConformanceColumn
}
