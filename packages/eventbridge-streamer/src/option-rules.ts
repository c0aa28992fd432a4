import type { Codec } from '@boostercloud/streamer-connector'
import type { EventBridgeStreamerOptions, EventBridgeTopic } from './options'

type Rule = readonly [inWords: string, isValid: (value: unknown) => boolean]

/** Options whose values are never shown. */
export const SECRETS: ReadonlySet<string> = new Set(['credentials', 'endpoint'])

/** The most that EventBridge takes: 1 MB since January 2026, 256 KB before. */
export const MOST_ENTRY_BYTES = 1_048_576
/** What SQS bounds: how long it keeps a message from others, and how long at all. */
const [MOST_VISIBILITY, LEAST_RETENTION, MOST_RETENTION] = [43_200, 60, 1_209_600]

const A_TEXT: Rule = ['a text that is not empty', isText]
const A_BUS: Rule = ["the name of an event bus, as 'default'", matches(/^[\w./-]{1,256}$/)]
const A_QUEUE: Rule = ['a name of at most 80 letters, digits, - and _', matches(/^[\w-]{1,80}$/)]
const A_SOURCE: Rule = ['a text of 1 to 256 characters', matches(/^[^]{1,256}$/)]
const A_CODEC: Rule = ['a codec, as cloudEvents or json', isCodec]
const A_FLAG: Rule = ['true or false', (value) => typeof value === 'boolean']

/** What each option must be, in words and as a test. */
export const RULES: Readonly<Record<keyof EventBridgeStreamerOptions, Rule>> = {
  region: ["a region, as 'eu-west-1'", matches(/^[a-z0-9-]{1,40}$/)],
  eventBus: A_BUS,
  endpoint: ["a URL as 'https://host' without user and password", isUrl],
  credentials: ['an object with accessKeyId and secretAccessKey, or a function that answers one', areCredentials],
  queue: ['a name of at most 40 letters, digits, - and _', matches(/^[\w-]{1,40}$/)],
  topics: ['an object of objects, by the names of topics', areTopics],
  declare: A_FLAG,
  archive: ['an object with retentionDays, a whole number of days from 1, or without', isArchive],
  defaultTopic: A_SOURCE,
  codec: A_CODEC,
  source: A_TEXT,
  maxEventBytes: wholeNumber('', 1, MOST_ENTRY_BYTES),
  maxInFlight: wholeNumber('', 1, 100),
  publishTimeoutMs: wholeNumber(' of milliseconds', 1, 3_600_000),
  visibilitySeconds: wholeNumber(' of seconds', 1, MOST_VISIBILITY),
  retentionSeconds: wholeNumber(' of seconds', LEAST_RETENTION, MOST_RETENTION),
  prefetch: wholeNumber('', 1, 100_000),
  pollWaitMs: wholeNumber(' of milliseconds', 0, 3_600_000),
  pollBatch: wholeNumber('', 1, 100_000),
  stallMs: wholeNumber(' of milliseconds', 1, 86_400_000),
}

/** The same for what one topic may have of its own. */
export const TOPIC_RULES: Readonly<Record<keyof EventBridgeTopic, Rule>> = {
  eventBus: A_BUS,
  source: A_SOURCE,
  pattern: ["an event pattern, as { source: ['aws.s3'] }", (value) => isObject(value) && Object.keys(value).length > 0],
  types: ["an object of texts, as { 'Object Created': 'ObjectCreated' }", areTexts],
  queue: A_QUEUE,
  declare: A_FLAG,
  codec: A_CODEC,
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function matches(form: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && form.test(value)
}

function wholeNumber(of: string, least: number, most: number): Rule {
  const isValid = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
  return [`a whole number${of} from ${least} to ${most}`, isValid]
}

function isUrl(value: unknown): boolean {
  if (!isText(value) || !URL.canParse(value)) return false
  const { protocol, hostname, username, password } = new URL(value)
  return ['http:', 'https:'].includes(protocol) && hostname !== '' && username === '' && password === ''
}

/** Whether a value is an object that is no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areTopics(value: unknown): boolean {
  return isObject(value) && Object.entries(value).every(([topic, own]) => topic !== '' && isObject(own))
}

function areTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isText)
}

function isArchive(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).some((name) => name !== 'retentionDays')) return false
  const { retentionDays } = value
  return retentionDays === undefined || (Number.isSafeInteger(retentionDays) && (retentionDays as number) > 0)
}

function areCredentials(value: unknown): boolean {
  return typeof value === 'function' || (isObject(value) && isText(value.accessKeyId) && isText(value.secretAccessKey))
}

function isCodec(value: unknown): boolean {
  const codec = value as Partial<Codec> | null
  return typeof codec?.encode === 'function' && typeof codec.decode === 'function'
}
