import { cloudEvents, isObject, option, optionError, settingsOf } from '@boostercloud/streamer-connector'
import type { SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import type { RabbitMQStreamerOptions, RabbitMQTopic } from './options'

const MIB = 1_048_576
const TLS = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'servername', 'rejectUnauthorized']
const NAME = option.of<string>('a name of at most 255 bytes', isName)

const TOPIC = {
  exchange: option.of<string>("a name of at most 255 bytes, or ''", (value) => value === '' || isName(value)),
  exchangeType: option.oneOf('topic', 'direct', 'fanout', 'headers'),
  routingKey: option.of<string>('a routing key of at most 255 bytes', isShort),
  queue: NAME,
  bindings: option.list<string>('a list of routing keys of at most 255 bytes', isShort),
  declare: option.flag,
  codec: option.codec,
} satisfies SchemaOf<RabbitMQTopic>

/** What each option takes, and its default. A URL may have a password. */
const OPTIONS = {
  url: option.of<string>("a URL such as 'amqp://user:password@host:5672/vhost' or 'amqps://…'", isUrl).secret,
  urls: option.list<string>("a list of URLs such as 'amqp://user:password@host:5672/vhost'", isUrl).secret,
  exchange: NAME.or('streamers'),
  queue: option.of<string>('a name of at most 200 bytes', (value) => isName(value) && Buffer.byteLength(value) <= 200),
  topics: option.each(TOPIC, undefined, isName),
  declare: option.flag.or(true),
  queueArguments: option
    .of<Readonly<Record<string, string | number | boolean>>>(
      "an object of strings, numbers and booleans, without x-queue-type 'stream'",
      areArguments
    )
    .or({}),
  ordering: option.oneOf('key', 'none').or('key'),
  unroutable: option.oneOf('ignore', 'reject').or('ignore'),
  defaultTopic: NAME,
  codec: option.codec.or(cloudEvents),
  source: option.text,
  tls: option.of<NonNullable<RabbitMQStreamerOptions['tls']>>(`an object with some of ${TLS.join(', ')}`, isTls).secret,
  auth: option.oneOf('password', 'certificate').or('password'),
  credentials: option.credentials,
  heartbeatSeconds: option.whole(0, 3600, 'seconds').or(10),
  connectTimeoutMs: option.milliseconds(1, 3_600_000).or(5000),
  maxEventBytes: option.whole(1, 128 * MIB).or(1_000_000),
  maxInFlight: option.whole(1, 100_000).or(1000),
  publishTimeoutMs: option.milliseconds(1, 3_600_000).or(10_000),
  prefetch: option.whole(1, 65_535).or(2000),
  pollWaitMs: option.milliseconds(0, 3_600_000).or(1000),
  pollBatch: option.whole(1, 65_535).or(500),
  stallMs: option.milliseconds(1, 86_400_000).or(30_000),
} satisfies SchemaOf<RabbitMQStreamerOptions>

/** Options, complete and valid. */
export type RabbitMQStreamerSettings = Omit<SettingsOf<typeof OPTIONS>, 'url' | 'urls'> & {
  readonly urls: readonly string[]
}

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option; never shows a secret. */
export function settingsFrom(options: RabbitMQStreamerOptions): RabbitMQStreamerSettings {
  const { url, urls, ...settings } = settingsOf('RabbitMQStreamer', OPTIONS, options)
  if (settings.credentials && settings.auth === 'certificate') throw twoLogins()
  if (url !== undefined && urls === undefined) return { ...settings, urls: [url] }
  if (url === undefined && urls !== undefined) return { ...settings, urls }
  const what = url === undefined ? 'is missing, and so is urls' : 'is given, and so is urls'
  throw optionError('RabbitMQStreamer', [{ at: 'url', what, hint: "Give it one of them, as url: 'amqp://localhost'." }])
}

function twoLogins(): Error {
  const hint = 'Remove one of them: a client with a certificate needs no password.'
  return optionError('RabbitMQStreamer', [{ at: 'credentials', what: "is given, and auth is 'certificate'", hint }])
}

/** AMQP 0-9-1 §4.2.5.3: a short string has one byte for its length. */
function isShort(value: unknown): value is string {
  return typeof value === 'string' && Buffer.byteLength(value) <= 255
}

function isName(value: unknown): value is string {
  return isShort(value) && value !== ''
}

function isUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return ['amqp:', 'amqps:'].includes(protocol) && hostname !== ''
}

/** A stream keeps no position for its readers. */
function areArguments(value: unknown): boolean {
  if (!isObject(value) || value['x-queue-type'] === 'stream') return false
  return Object.values(value).every((own) => ['string', 'number', 'boolean'].includes(typeof own))
}

function isTls(value: unknown): boolean {
  return isObject(value) && Object.keys(value).every((name) => TLS.includes(name))
}
