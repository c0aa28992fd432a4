import { StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import { RULES, SECRETS, TOPIC_RULES } from './option-rules'
import type { RabbitMQStreamerOptions, RabbitMQTopic } from './options'

type Optional = 'url' | 'queue' | 'source' | 'defaultTopic' | 'tls'

/** Options, complete and valid. */
export type RabbitMQStreamerSettings = Readonly<Required<Omit<RabbitMQStreamerOptions, Optional>>> &
  Omit<Pick<RabbitMQStreamerOptions, Optional>, 'url'>

const DEFAULTS = {
  exchange: 'streamers',
  topics: {},
  declare: true,
  queueArguments: {},
  ordering: 'key',
  unroutable: 'ignore',
  codec: cloudEvents,
  auth: 'password',
  heartbeatSeconds: 10,
  connectTimeoutMs: 5000,
  maxEventBytes: 1_000_000,
  maxInFlight: 1000,
  publishTimeoutMs: 10_000,
  prefetch: 2000,
  pollWaitMs: 1000,
  pollBatch: 500,
  stallMs: 30_000,
} as const

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option; never shows a secret. */
export function settingsFrom(options: RabbitMQStreamerOptions): RabbitMQStreamerSettings {
  if (typeof options !== 'object' || options === null) throw invalid('url', undefined)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  if ('url' in given === 'urls' in given) throw whichUrl('url' in given)
  checkAll(given)
  for (const [topic, own] of Object.entries(options.topics ?? {})) checkTopic(topic, own)
  const { url, urls = [], ...rest } = given as RabbitMQStreamerOptions
  return { ...DEFAULTS, ...rest, urls: url === undefined ? urls : [url] }
}

function checkAll(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof typeof RULES] : undefined
    if (rule === undefined) throw unknownOption(name, Object.keys(RULES))
    if (!rule[1](value)) throw invalid(name as keyof typeof RULES, value)
  }
}

function checkTopic(topic: string, own: RabbitMQTopic): void {
  for (const [name, value] of Object.entries(own)) {
    const at = `topics.${topic}.${name}`
    const rule = Object.hasOwn(TOPIC_RULES, name) ? TOPIC_RULES[name as keyof typeof TOPIC_RULES] : undefined
    if (rule === undefined) throw unknownOption(at, Object.keys(TOPIC_RULES))
    if (value !== undefined && !rule[1](value)) throw notAsItMustBe(at, JSON.stringify(value), rule[0])
  }
}

function invalid(name: keyof typeof RULES, value: unknown): StreamerError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return notAsItMustBe(name, SECRETS.has(name) ? 'not well-formed' : shown, RULES[name][0])
}

function notAsItMustBe(at: string, shown: string, words: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `RabbitMQStreamer's option '${at}' is ${shown}.`, {
    at,
    hint: `Give it ${words}.`,
  })
}

function whichUrl(both: boolean): StreamerError {
  const what = both ? 'RabbitMQStreamer has both a url and urls.' : 'RabbitMQStreamer has neither a url nor urls.'
  return new StreamerError('OPTION_INVALID', what, {
    at: 'url',
    hint: "Give it one of them, as url: 'amqp://localhost'.",
  })
}

function unknownOption(name: string, known: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', `RabbitMQStreamer has no option '${name}'.`, {
    at: name,
    hint: `Its options are ${known.join(', ')}.`,
  })
}
