import type { Codec } from '@boostercloud/streamer-connector'
import { KEY_CODECS } from './key-codec'
import type { KafkaConsumerOptions, KafkaProducerOptions, KafkaStreamerOptions, KafkaTls, KafkaTopic } from './options'

/** What an option must be, in words and as a test. */
export type Rule = readonly [inWords: string, isValid: (value: unknown) => boolean]
/** The rules of an object's options. */
export type Rules<T> = Readonly<Record<keyof T, Rule>>

/** Options whose values are never shown. */
export const SECRETS: ReadonlySet<string> = new Set(['sasl', 'ssl'])

const A_TEXT: Rule = ['a text that is not empty', isText]
const A_FLAG: Rule = ['true or false', (value) => typeof value === 'boolean']
const AN_OBJECT: Rule = ['an object', isObject]
const A_CODEC: Rule = ['a codec, as cloudEvents or json', isCodec]
const A_TOPIC: Rule = ["a topic's name: at most 249 of the characters A-Z, a-z, 0-9, '.', '_' and '-'", isTopicName]
const A_KEY_CODEC: Rule = [
  `one of ${KEY_CODECS.map((name) => `'${name}'`).join(', ')}`,
  (value) => (KEY_CODECS as readonly unknown[]).includes(value),
]
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512']
const A_DAY_MS = 86_400_000

export const STREAMER_RULES: Rules<KafkaStreamerOptions> = {
  brokers: ["a list as ['127.0.0.1:9092']", areBrokers],
  clientId: A_TEXT,
  ssl: ['true, false, or an object as { ca, cert, key }', (value) => typeof value === 'boolean' || isTls(value)],
  sasl: [`an object { mechanism, username, password }, its mechanism one of ${MECHANISMS.join(', ')}`, isSasl],
  topics: ["an object of objects by the names of topics, or '*'", areTopics],
  defaultTopic: A_TOPIC,
  codec: A_CODEC,
  keyCodec: A_KEY_CODEC,
  source: A_TEXT,
  maxEventBytes: wholeNumber(1, 100_000_000),
  producer: AN_OBJECT,
  consumer: AN_OBJECT,
  connectTimeoutMs: milliseconds(1, 3_600_000),
  requestTimeoutMs: milliseconds(1, 3_600_000),
  stallMs: milliseconds(1, A_DAY_MS),
}

export const PRODUCER_RULES: Rules<KafkaProducerOptions> = {
  compression: ["'none' or 'gzip'", (value) => value === 'none' || value === 'gzip'],
  lingerMs: milliseconds(0, 60_000),
  batchEvents: wholeNumber(1, 100_000),
  batchBytes: wholeNumber(1, 100_000_000),
  timeoutMs: milliseconds(1, 3_600_000),
}

export const CONSUMER_RULES: Rules<KafkaConsumerOptions> = {
  groupId: A_TEXT,
  startAt: ["'first', 'last' or a Date", (value) => value === 'first' || value === 'last' || isDate(value)],
  pollWaitMs: milliseconds(0, 3_600_000),
  pollBatch: wholeNumber(1, 100_000),
  bufferBytes: wholeNumber(1, 1_000_000_000),
  commitIntervalMs: milliseconds(0, 3_600_000),
  sessionTimeoutMs: milliseconds(100, 3_600_000),
  heartbeatIntervalMs: milliseconds(10, 3_600_000),
  fetchWaitMs: milliseconds(1, 60_000),
  fetchBytes: wholeNumber(1, 100_000_000),
  maxUnpackedBytes: wholeNumber(1, 1_000_000_000),
  metadataMaxAgeMs: milliseconds(100, 3_600_000),
}

export const TOPIC_RULES: Rules<KafkaTopic> = {
  codec: A_CODEC,
  keyCodec: A_KEY_CODEC,
  partitions: wholeNumber(1, 100_000),
  replicationFactor: wholeNumber(1, 1_000),
  retentionMs: [
    'a whole number of milliseconds from 1, or -1 for ever',
    (value) => value === -1 || (Number.isSafeInteger(value) && (value as number) > 0),
  ],
  config: ['an object of texts', (value) => isObject(value) && Object.values(value).every(isString)],
  addPartitions: A_FLAG,
}

const TLS_RULES: Readonly<Record<keyof KafkaTls, (value: unknown) => boolean>> = {
  ca: (value) => isPem(value) || (Array.isArray(value) && value.length > 0 && value.every(isPem)),
  cert: isPem,
  key: isPem,
  passphrase: isString,
  servername: isText,
  rejectUnauthorized: (value) => typeof value === 'boolean',
}

/** Whether Kafka takes it as a topic's name. */
export function isTopicName(value: unknown): boolean {
  return isString(value) && /^[\w.-]{1,249}$/.test(value) && value !== '.' && value !== '..'
}

/** Whether it is an object of options. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wholeNumber(least: number, most: number): Rule {
  return [
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  ]
}

function milliseconds(least: number, most: number): Rule {
  return [`a whole number of milliseconds from ${least} to ${most}`, wholeNumber(least, most)[1]]
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isText(value: unknown): value is string {
  return isString(value) && value !== ''
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

function isPem(value: unknown): boolean {
  return isText(value) || value instanceof Uint8Array
}

function isTls(value: unknown): boolean {
  if (!isObject(value)) return false
  return Object.entries(value).every(
    ([name, own]) => Object.hasOwn(TLS_RULES, name) && (own === undefined || TLS_RULES[name as keyof KafkaTls](own))
  )
}

function isSasl(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).length !== 3) return false
  return MECHANISMS.includes(value.mechanism as string) && isText(value.username) && isString(value.password)
}

function areBrokers(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isBroker)
}

function isBroker(value: unknown): boolean {
  const [, port] = (isString(value) && /^[^\s:/@]+:(\d{1,5})$/.exec(value)) || []
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535
}

function areTopics(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, own]) => (name === '*' || isTopicName(name)) && isObject(own))
  )
}

function isCodec(value: unknown): boolean {
  const codec = value as Partial<Codec> | null
  return typeof codec?.encode === 'function' && typeof codec.decode === 'function'
}
