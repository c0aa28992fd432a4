import type { StreamerContext, StreamerHealth } from '@boostercloud/streamer-connector'
import { KafkajsDriver } from './client'
import type { KafkaDriver } from './client'
import type { Subscription } from './consume'
import { GroupOwnership, healthOf } from './operate'
import type { GroupOwnershipOptions } from './operate'
import type { KafkaStreamerSettings } from './options'
import { Publisher } from './produce'

/** What is open while the streamer is in use. */
export interface Opened {
  readonly driver: KafkaDriver
  readonly publisher: Publisher
  readonly health: () => Promise<StreamerHealth>
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
  return {
    driver,
    publisher: new Publisher(driver, settings.producer),
    health: () => healthOf({ admin, groupId, subscriptions, stallMs: settings.stallMs }),
    ownership: new GroupOwnership({ admin, groupId, onLost }),
  }
}
