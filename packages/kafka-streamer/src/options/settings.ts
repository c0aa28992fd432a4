import {
  StreamerError,
  cloudEvents,
  hasOnly,
  isObject,
  isText,
  option,
  optionError,
  settingsOf,
} from '@boostercloud/streamer-connector'
import type { Codec, SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import { KEY_CODECS } from './key-codec'
import type { KafkaKeyCodec } from './key-codec'
import type {
  KafkaConsumerOptions,
  KafkaProducerOptions,
  KafkaSasl,
  KafkaSaslProvider,
  KafkaStreamerOptions,
  KafkaTls,
  KafkaTopic,
} from './options'

const DAY_MS = 86_400_000
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512']
const TOPIC_NAME = "a topic's name: at most 249 of the characters A-Z, a-z, 0-9, '.', '_' and '-'"

const PRODUCER = {
  compression: option.oneOf('none', 'gzip').or('none'),
  lingerMs: option.milliseconds(0, 60_000).or(0),
  batchEvents: option.whole(1, 100_000).or(1_000),
  batchBytes: option.whole(1, 100_000_000).or(1_000_000),
  timeoutMs: option.milliseconds(1, 3_600_000).or(30_000),
} satisfies SchemaOf<KafkaProducerOptions>

const CONSUMER = {
  groupId: option.text,
  startAt: option.of<'first' | 'last' | Date>("'first', 'last' or a Date", isStart).or('first'),
  pollWaitMs: option.milliseconds(0, 3_600_000).or(1_000),
  pollBatch: option.whole(1, 100_000).or(500),
  bufferBytes: option.whole(1, 1_000_000_000).or(4_000_000),
  commitIntervalMs: option.milliseconds(0, 3_600_000).or(500),
  sessionTimeoutMs: option.milliseconds(100, 3_600_000).or(10_000),
  heartbeatIntervalMs: option.milliseconds(10, 3_600_000).or(1_000),
  fetchWaitMs: option.milliseconds(1, 60_000).or(250),
  fetchBytes: option.whole(1, 100_000_000).or(131_072),
  maxUnpackedBytes: option.whole(1, 1_000_000_000).or(64_000_000),
  metadataMaxAgeMs: option.milliseconds(100, 3_600_000).or(5_000),
} satisfies SchemaOf<KafkaConsumerOptions>

const TOPIC = {
  codec: option.codec,
  keyCodec: option.oneOf(...KEY_CODECS),
  partitions: option.whole(1, 100_000),
  replicationFactor: option.whole(1, 1_000),
  retentionMs: option.of<number>('a whole number of milliseconds, at least 1, or -1 for unlimited', isRetention),
  config: option.of<Readonly<Record<string, string>>>('an object whose values are strings', isConfig),
  addPartitions: option.flag,
} satisfies SchemaOf<KafkaTopic>

/** What each option takes, and its default. */
const OPTIONS = {
  brokers: option.list<string>("a list such as ['127.0.0.1:9092']", isBroker).required,
  clientId: option.text,
  ssl: option.of<boolean | KafkaTls>('true, false, or an object such as { ca, cert, key }', isTls).secret,
  sasl: option.of<KafkaSasl | KafkaSaslProvider>(
    `an object { mechanism, username, password } or { mechanism, credentials }, its mechanism one of ${MECHANISMS.join(', ')}`,
    isSasl
  ).secret,
  topics: option.each(
    TOPIC,
    "an object of objects by the names of topics, or '*'",
    (name) => name === '*' || isTopicName(name)
  ),
  defaultTopic: option.of<string>(TOPIC_NAME, isTopicName),
  codec: option.codec.or(cloudEvents),
  keyCodec: option.oneOf(...KEY_CODECS).or('utf8'),
  source: option.text,
  maxEventBytes: option.whole(1, 100_000_000).or(1_000_000),
  producer: option.group(PRODUCER),
  consumer: option.group(CONSUMER),
  connectTimeoutMs: option.milliseconds(1, 3_600_000).or(5_000),
  requestTimeoutMs: option.milliseconds(1, 3_600_000).or(10_000),
  stallMs: option.milliseconds(1, DAY_MS).or(30_000),
} satisfies SchemaOf<KafkaStreamerOptions>

/** Options, complete and valid. */
export type KafkaStreamerSettings = SettingsOf<typeof OPTIONS>

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: KafkaStreamerOptions): KafkaStreamerSettings {
  const settings = settingsOf('KafkaStreamer', OPTIONS, options)
  const { heartbeatIntervalMs, sessionTimeoutMs } = settings.consumer
  if (heartbeatIntervalMs < sessionTimeoutMs) return settings
  throw optionError('KafkaStreamer', [
    {
      at: 'consumer.heartbeatIntervalMs',
      what: `is ${heartbeatIntervalMs}, and consumer.sessionTimeoutMs is ${sessionTimeoutMs}`,
      hint: 'Use less than consumer.sessionTimeoutMs, ideally a tenth.',
    },
  ])
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
  throw new StreamerError('OPTION_INVALID', `Kafka does not allow a topic with the name '${name}'.`, {
    at: 'topic',
    hint: `Give it ${TOPIC_NAME}.`,
  })
}

function isTopicName(value: unknown): boolean {
  return typeof value === 'string' && /^[\w.-]{1,249}$/.test(value) && value !== '.' && value !== '..'
}

function isStart(value: unknown): boolean {
  return value === 'first' || value === 'last' || (value instanceof Date && !Number.isNaN(value.getTime()))
}

function isRetention(value: unknown): boolean {
  return value === -1 || (Number.isSafeInteger(value) && (value as number) > 0)
}

function isConfig(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((own) => typeof own === 'string')
}

function isPem(value: unknown): boolean {
  return isText(value) || value instanceof Uint8Array
}

const TLS: Readonly<Record<keyof KafkaTls, (value: unknown) => boolean>> = {
  ca: (value) => isPem(value) || (Array.isArray(value) && value.length > 0 && value.every(isPem)),
  cert: isPem,
  key: isPem,
  passphrase: (value) => typeof value === 'string',
  servername: isText,
  rejectUnauthorized: (value) => typeof value === 'boolean',
}

function isTls(value: unknown): boolean {
  return typeof value === 'boolean' || hasOnly(value, TLS)
}

function isSasl(value: unknown): boolean {
  if (!isObject(value) || !MECHANISMS.includes(value.mechanism as string)) return false
  const { mechanism: _, ...login } = value
  const isFunction = (member: unknown): boolean => typeof member === 'function'
  if ('credentials' in login) return isFunction(login.credentials) && Object.keys(login).length === 1
  return isText(login.username) && typeof login.password === 'string' && Object.keys(login).length === 2
}

function isBroker(value: unknown): boolean {
  const [, port] = (typeof value === 'string' && /^[^\s:/@]+:(\d{1,5})$/.exec(value)) || []
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535
}
