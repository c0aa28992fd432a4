import type { StreamerContext } from '@boostercloud/streamer-connector'
import { KafkajsDriver } from './client'
import type { KafkaDriver } from './client'
import type { Subscription } from './consume'
import { GroupOwnership, HealthCheck } from './operate'
import type { GroupOwnershipOptions } from './operate'
import type { KafkaStreamerSettings } from './options'
import { Publisher } from './produce'

/** What is open while the streamer is in use. */
export interface Opened {
  readonly driver: KafkaDriver
  readonly publisher: Publisher
  readonly health: HealthCheck
  readonly ownership: GroupOwnership
}

/** What it is made of. */
export interface OpenedOptions extends Pick<GroupOwnershipOptions, 'groupId' | 'onLost'> {
  readonly settings: KafkaStreamerSettings
  readonly context?: StreamerContext
  readonly subscriptions: ReadonlyMap<string, Subscription>
}

/** Connects nothing by itself. */
export function opened({ settings, context, subscriptions, groupId, onLost }: OpenedOptions): Opened {
  const clientId = settings.clientId ?? context?.appName ?? 'booster-streamers'
  const compression = settings.producer.compression
  const driver = new KafkajsDriver({ ...settings, clientId, logger: context?.logger, compression })
  const { admin } = driver
  const { stallMs, requestTimeoutMs } = settings
  const limitMs = Math.min(requestTimeoutMs, 5_000)
  return {
    driver,
    publisher: new Publisher(driver, settings.producer),
    health: new HealthCheck({ admin, groupId, subscriptions, stallMs, limitMs }),
    ownership: new GroupOwnership({ admin, groupId, onLost }),
  }
}
