import { StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import type { KafkaKeyCodec } from './key-codec'
import {
  CONSUMER_RULES,
  PRODUCER_RULES,
  SECRETS,
  STREAMER_RULES,
  TOPIC_RULES,
  isObject,
  isTopicName,
} from './option-rules'
import type { Rules } from './option-rules'
import type { KafkaStreamerOptions, KafkaStreamerSettings, KafkaTopic } from './options'

const DEFAULTS = {
  topics: {},
  codec: cloudEvents,
  keyCodec: 'utf8',
  maxEventBytes: 1_000_000,
  connectTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  stallMs: 30_000,
} as const

const PRODUCER_DEFAULTS = {
  compression: 'none',
  lingerMs: 0,
  batchEvents: 1_000,
  batchBytes: 1_000_000,
  timeoutMs: 30_000,
} as const

const CONSUMER_DEFAULTS = {
  startAt: 'first',
  pollWaitMs: 1_000,
  pollBatch: 500,
  bufferBytes: 4_000_000,
  commitIntervalMs: 500,
  sessionTimeoutMs: 10_000,
  heartbeatIntervalMs: 1_000,
  fetchWaitMs: 250,
  fetchBytes: 131_072,
  maxUnpackedBytes: 64_000_000,
  metadataMaxAgeMs: 5_000,
} as const

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: KafkaStreamerOptions): KafkaStreamerSettings {
  if (!isObject(options) || options.brokers === undefined)
    throw invalid('brokers', undefined, STREAMER_RULES.brokers[0])
  const given = checked(options, STREAMER_RULES, '')
  const producer = { ...PRODUCER_DEFAULTS, ...checked(given.producer ?? {}, PRODUCER_RULES, 'producer.') }
  const consumer = { ...CONSUMER_DEFAULTS, ...checked(given.consumer ?? {}, CONSUMER_RULES, 'consumer.') }
  const { heartbeatIntervalMs, sessionTimeoutMs } = consumer
  if (heartbeatIntervalMs >= sessionTimeoutMs) {
    throw invalid(
      'consumer.heartbeatIntervalMs',
      heartbeatIntervalMs,
      'less than consumer.sessionTimeoutMs, best a tenth'
    )
  }
  const topics = Object.entries(given.topics ?? {}).map(([name, topic]): [string, KafkaTopic] => [
    name,
    checked(topic, TOPIC_RULES, `topics.${name}.`),
  ])
  return {
    ...DEFAULTS,
    ...given,
    brokers: [...given.brokers],
    topics: Object.fromEntries(topics),
    producer,
    consumer,
  }
}

/** What is set for one topic. */
export function topicSettings({ topics }: Pick<KafkaStreamerSettings, 'topics'>, topic: string): KafkaTopic {
  return (Object.hasOwn(topics, topic) ? topics[topic] : topics['*']) ?? {}
}

/** The codec of one topic. */
export function codecOf(settings: Pick<KafkaStreamerSettings, 'topics' | 'codec'>, topic: string): Codec {
  return topicSettings(settings, topic).codec ?? settings.codec
}

/** The key codec of one topic. */
export function keyCodecOf(settings: Pick<KafkaStreamerSettings, 'topics' | 'keyCodec'>, topic: string): KafkaKeyCodec {
  return topicSettings(settings, topic).keyCodec ?? settings.keyCodec
}

/** A topic's name. Throws `OPTION_INVALID` where Kafka takes no such name. */
export function checkedTopic(name: string): string {
  if (isTopicName(name)) return name
  throw invalid('topic', name, STREAMER_RULES.defaultTopic[0])
}

/** Those that are given, all of them valid; none of the user's objects is kept. */
function checked<T extends object>(options: T, rules: Rules<T>, path: string): T {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(rules, name)) throw unknownOption(path + name, Object.keys(rules))
    const [inWords, isValid] = rules[name as keyof T]
    if (!isValid(value)) throw invalid(path + name, value, inWords)
  }
  return given as T
}

function invalid(name: string, value: unknown, inWords: string): StreamerError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const what = SECRETS.has(name) ? 'not as it must be' : shown
  return new StreamerError('OPTION_INVALID', `KafkaStreamer's option '${name}' is ${what}.`, {
    at: name,
    hint: `Give it ${inWords}.`,
  })
}

function unknownOption(name: string, known: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', `KafkaStreamer has no option '${name}'.`, {
    at: name,
    hint: `Its options are ${known.join(', ')}.`,
  })
}
