import { createHash } from 'node:crypto'
import type { Codec, StreamerContext } from '@boostercloud/streamer-connector'
import type { EventBridgeStreamerOptions, EventBridgeTopic, EventPattern } from './options'
import { settingsFrom } from './settings'
import type { EventBridgeStreamerSettings } from './settings'

/**
 * The service that resources are named after.
 * @experimental
 */
export type Service = Pick<StreamerContext, 'appName' | 'environment'>

/**
 * What a topic is made of in AWS, for one service.
 * @experimental
 */
export interface EventBridgeResources {
  readonly topic: string
  /** The name of the event bus. */
  readonly eventBus: string
  /** What its events have as `source` in EventBridge. */
  readonly source: string
  /** What the service's rule matches. */
  readonly pattern: EventPattern
  /** The name of the service's rule. */
  readonly rule: string
  /** The name of the service's queue. */
  readonly queue: string
  /** The name of the archive; one for all services. */
  readonly archive: string
  /** Whether the streamer makes them where they are missing. */
  readonly declare: boolean
}

/** The same with what is needed to read and write its events. */
export interface Route extends EventBridgeResources {
  readonly codec: Codec
  readonly types: Readonly<Record<string, string>>
}

/** What AWS takes as the longest name of each. */
const LONGEST = { rule: 64, queue: 80, archive: 48 } as const

/** The target of a rule: its queue. */
export const TARGET_ID = 'queue'

/** Where the events of a topic go and come from. */
export function routeOf(topic: string, settings: EventBridgeStreamerSettings, service?: Service): Route {
  const given = Object.hasOwn(settings.topics, topic) ? settings.topics[topic] : {}
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as EventBridgeTopic
  const { source = topic, eventBus = settings.eventBus } = own
  const prefix = settings.queue ?? (service && `${service.appName}-${service.environment}`) ?? 'unknown'
  return {
    topic,
    pattern: { source: [source] },
    rule: nameOf([prefix, topic], LONGEST.rule),
    queue: nameOf([prefix, topic], LONGEST.queue),
    archive: nameOf([eventBus, topic], LONGEST.archive),
    declare: settings.declare,
    codec: settings.codec,
    types: {},
    ...own,
    source,
    eventBus,
  }
}

/**
 * The resources of a topic with these options: all names, as the streamer itself has them. Throws `OPTION_INVALID`.
 * @experimental
 */
export function resourcesOf(
  topic: string,
  options: EventBridgeStreamerOptions,
  service?: Service
): EventBridgeResources {
  const { codec: _, types: __, ...resources } = routeOf(topic, settingsFrom(options), service)
  return resources
}

/**
 * What a service's rule for a topic matches. Throws `OPTION_INVALID`.
 * @experimental
 */
export function rulePattern(topic: string, options: EventBridgeStreamerOptions = {}): EventPattern {
  return resourcesOf(topic, options).pattern
}

/**
 * The name of a service's queue for a topic. Throws `OPTION_INVALID`.
 * @experimental
 */
export function queueName(topic: string, service: Service, options: EventBridgeStreamerOptions = {}): string {
  return resourcesOf(topic, options, service).queue
}

/**
 * The name of a service's rule for a topic. Throws `OPTION_INVALID`.
 * @experimental
 */
export function ruleName(topic: string, service: Service, options: EventBridgeStreamerOptions = {}): string {
  return resourcesOf(topic, options, service).rule
}

/** Parts as one name of letters, digits, `-` and `_`. Where that loses something, a part of their digest keeps names apart. */
export function nameOf(parts: readonly string[], longest: number): string {
  const whole = parts.join('-')
  const plain = whole.replace(/[^\w-]/g, '-')
  if (plain === whole && plain.length <= longest) return plain
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
  return `${plain.slice(0, longest - digest.length - 1)}-${digest}`
}
