import { cloudEvents, isObject, isText, option, settingsOf } from '@boostercloud/streamer-connector'
import type { SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import type { EventBridgeStreamerOptions, EventBridgeTopic } from './options'

/** The most that EventBridge takes: 1 MB since January 2026, 256 KB before. */
const MOST_ENTRY_BYTES = 1_048_576
/** What SQS bounds: how long it keeps a message from others, and how long at all. */
const [MOST_VISIBILITY, LEAST_RETENTION, MOST_RETENTION] = [43_200, 60, 1_209_600]

const BUS = option.matching("the name of an event bus, such as 'default'", /^[\w./-]{1,256}$/)
const SOURCE = option.matching('a string of 1 to 256 characters', /^[^]{1,256}$/)

const TOPIC = {
  eventBus: BUS,
  source: SOURCE,
  pattern: option.of<NonNullable<EventBridgeTopic['pattern']>>(
    "an event pattern, such as { source: ['aws.s3'] }",
    (value) => isObject(value) && Object.keys(value).length > 0
  ),
  types: option.of<Readonly<Record<string, string>>>(
    "an object of strings, such as { 'Object Created': 'ObjectCreated' }",
    (value) => isObject(value) && Object.values(value).every(isText)
  ),
  queue: option.matching('a name of at most 80 letters, digits, - and _', /^[\w-]{1,80}$/),
  declare: option.flag,
  codec: option.codec,
} satisfies SchemaOf<EventBridgeTopic>

/** What each option takes, and its default. */
const OPTIONS = {
  region: option.matching("a region, as 'eu-west-1'", /^[a-z0-9-]{1,40}$/),
  eventBus: BUS.or('default'),
  endpoint: option.of<string>("a URL such as 'https://host', without user and password", isUrl).secret,
  credentials: option.of<NonNullable<EventBridgeStreamerOptions['credentials']>>(
    'an object with accessKeyId and secretAccessKey, or a function that returns one',
    areCredentials
  ).secret,
  queue: option.matching('a name of at most 40 letters, digits, - and _', /^[\w-]{1,40}$/),
  topics: option.each(TOPIC),
  declare: option.flag.or(true),
  archive: option.groupOrNone({ retentionDays: option.whole(1, Number.MAX_SAFE_INTEGER, 'days') }),
  defaultTopic: SOURCE,
  codec: option.codec.or(cloudEvents),
  source: option.text,
  maxEventBytes: option.whole(1, MOST_ENTRY_BYTES).or(1_000_000),
  maxInFlight: option.whole(1, 100).or(5),
  publishTimeoutMs: option.milliseconds(1, 3_600_000).or(10_000),
  requestTimeoutMs: option.milliseconds(1, 3_600_000).or(15_000),
  visibilitySeconds: option.whole(1, MOST_VISIBILITY, 'seconds').or(30),
  retentionSeconds: option.whole(LEAST_RETENTION, MOST_RETENTION, 'seconds').or(MOST_RETENTION),
  prefetch: option.whole(1, 100_000).or(1000),
  pollWaitMs: option.milliseconds(0, 3_600_000).or(1000),
  pollBatch: option.whole(1, 100_000).or(500),
  stallMs: option.milliseconds(1, 86_400_000).or(30_000),
} satisfies SchemaOf<EventBridgeStreamerOptions>

/** Options, complete and valid. */
export type EventBridgeStreamerSettings = SettingsOf<typeof OPTIONS>

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option; never shows a secret. */
export function settingsFrom(options: EventBridgeStreamerOptions = {}): EventBridgeStreamerSettings {
  return settingsOf('EventBridgeStreamer', OPTIONS, options)
}

function isUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false
  const { protocol, hostname, username, password } = new URL(value)
  return ['http:', 'https:'].includes(protocol) && hostname !== '' && username === '' && password === ''
}

function areCredentials(value: unknown): boolean {
  return typeof value === 'function' || (isObject(value) && isText(value.accessKeyId) && isText(value.secretAccessKey))
}
