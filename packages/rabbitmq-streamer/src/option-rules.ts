import type { Codec } from '@boostercloud/streamer-connector'
import type { RabbitMQStreamerOptions, RabbitMQTopic } from './options'

type Rule = readonly [inWords: string, isValid: (value: unknown) => boolean]

/** Options whose values are never shown: a URL may have a password. */
export const SECRETS: ReadonlySet<string> = new Set(['url', 'urls', 'tls'])

const MIB = 1_048_576
const TLS = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'servername', 'rejectUnauthorized']
const A_NAME = 'a name of at most 255 bytes'
const A_CODEC: Rule = ['a codec, as cloudEvents or json', isCodec]
const A_FLAG: Rule = ['true or false', (value) => typeof value === 'boolean']

/** What each option must be, in words and as a test. */
export const RULES: Readonly<Record<keyof RabbitMQStreamerOptions, Rule>> = {
  url: ["a URL as 'amqp://user:password@host:5672/vhost' or 'amqps://…'", isUrl],
  urls: ["a list of URLs as 'amqp://user:password@host:5672/vhost'", (value) => isListOf(value, isUrl)],
  exchange: [A_NAME, isName],
  queue: ['a name of at most 200 bytes', (value) => isName(value) && Buffer.byteLength(value) <= 200],
  topics: ['an object of objects, by the names of topics', areTopics],
  declare: A_FLAG,
  queueArguments: ["an object of texts, numbers and flags, and no x-queue-type 'stream'", areArguments],
  ordering: oneOf('key', 'none'),
  unroutable: oneOf('ignore', 'reject'),
  defaultTopic: [A_NAME, isName],
  codec: A_CODEC,
  source: ['a text that is not empty', isText],
  tls: [`an object with some of ${TLS.join(', ')}`, isTls],
  auth: oneOf('password', 'certificate'),
  heartbeatSeconds: ['a whole number of seconds from 0 to 3600', wholeNumber(0, 3600)],
  connectTimeoutMs: milliseconds(1, 3_600_000),
  maxEventBytes: [`a whole number from 1 to ${128 * MIB}`, wholeNumber(1, 128 * MIB)],
  maxInFlight: ['a whole number from 1 to 100000', wholeNumber(1, 100_000)],
  publishTimeoutMs: milliseconds(1, 3_600_000),
  prefetch: ['a whole number from 1 to 65535', wholeNumber(1, 65_535)],
  pollWaitMs: milliseconds(0, 3_600_000),
  pollBatch: ['a whole number from 1 to 65535', wholeNumber(1, 65_535)],
  stallMs: milliseconds(1, 86_400_000),
}

/** The same for what one topic may have of its own. */
export const TOPIC_RULES: Readonly<Record<keyof RabbitMQTopic, Rule>> = {
  exchange: [`${A_NAME}, or ''`, (value) => value === '' || isName(value)],
  exchangeType: oneOf('topic', 'direct', 'fanout', 'headers'),
  routingKey: ['a routing key of at most 255 bytes', isShort],
  queue: [A_NAME, isName],
  bindings: ['a list of routing keys of at most 255 bytes', (value) => isListOf(value, isShort)],
  declare: A_FLAG,
  codec: A_CODEC,
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** AMQP 0-9-1 §4.2.5.3: a short string has one byte for its length. */
function isShort(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= 255
}

function isName(value: unknown): value is string {
  return isText(value) && isShort(value)
}

function oneOf(...values: readonly string[]): Rule {
  return [values.map((value) => `'${value}'`).join(' or '), (value) => values.includes(value as string)]
}

function wholeNumber(least: number, most: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function milliseconds(least: number, most: number): Rule {
  return [`a whole number of milliseconds from ${least} to ${most}`, wholeNumber(least, most)]
}

function isListOf(value: unknown, isValid: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isValid)
}

function isUrl(value: unknown): boolean {
  if (!isText(value) || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return ['amqp:', 'amqps:'].includes(protocol) && hostname !== ''
}

/** Whether a value is an object that is no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areTopics(value: unknown): boolean {
  return isObject(value) && Object.entries(value).every(([topic, own]) => isName(topic) && isObject(own))
}

/** A stream keeps no position for its readers. */
function areArguments(value: unknown): boolean {
  if (!isObject(value) || value['x-queue-type'] === 'stream') return false
  return Object.values(value).every((own) => ['string', 'number', 'boolean'].includes(typeof own))
}

function isTls(value: unknown): boolean {
  return isObject(value) && Object.keys(value).every((name) => TLS.includes(name))
}

function isCodec(value: unknown): boolean {
  const codec = value as Partial<Codec> | null
  return typeof codec?.encode === 'function' && typeof codec.decode === 'function'
}
