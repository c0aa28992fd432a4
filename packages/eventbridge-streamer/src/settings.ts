import { StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import { RULES, SECRETS, TOPIC_RULES } from './option-rules'
import type { EventBridgeStreamerOptions, EventBridgeTopic } from './options'

type Optional = 'region' | 'endpoint' | 'credentials' | 'queue' | 'archive' | 'defaultTopic' | 'source'

/** Options, complete and valid. */
export type EventBridgeStreamerSettings = Readonly<Required<Omit<EventBridgeStreamerOptions, Optional>>> &
  Pick<EventBridgeStreamerOptions, Optional>

const DEFAULTS = {
  eventBus: 'default',
  topics: {},
  declare: true,
  codec: cloudEvents,
  maxEventBytes: 1_000_000,
  maxInFlight: 5,
  publishTimeoutMs: 10_000,
  visibilitySeconds: 30,
  retentionSeconds: 1_209_600,
  prefetch: 1000,
  pollWaitMs: 1000,
  pollBatch: 500,
  stallMs: 30_000,
} as const

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option; never shows a secret. */
export function settingsFrom(options: EventBridgeStreamerOptions = {}): EventBridgeStreamerSettings {
  if (typeof options !== 'object' || options === null) {
    throw new StreamerError('OPTION_INVALID', 'EventBridgeStreamer was given no options.', {
      hint: "Give it an object, as { region: 'eu-west-1' }.",
    })
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  checkAll(given)
  for (const [topic, own] of Object.entries(options.topics ?? {})) checkTopic(topic, own)
  return { ...DEFAULTS, ...(given as EventBridgeStreamerOptions) }
}

function checkAll(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof typeof RULES] : undefined
    if (rule === undefined) throw unknownOption(name, Object.keys(RULES))
    const shown = SECRETS.has(name) ? 'not well-formed' : JSON.stringify(value)
    if (!rule[1](value)) throw notAsItMustBe(name, shown, rule[0])
  }
}

function checkTopic(topic: string, own: EventBridgeTopic): void {
  for (const [name, value] of Object.entries(own)) {
    const at = `topics.${topic}.${name}`
    const rule = Object.hasOwn(TOPIC_RULES, name) ? TOPIC_RULES[name as keyof typeof TOPIC_RULES] : undefined
    if (rule === undefined) throw unknownOption(at, Object.keys(TOPIC_RULES))
    if (value !== undefined && !rule[1](value)) throw notAsItMustBe(at, JSON.stringify(value), rule[0])
  }
}

function notAsItMustBe(at: string, shown: string, words: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `EventBridgeStreamer's option '${at}' is ${shown}.`, {
    at,
    hint: `Give it ${words}.`,
  })
}

function unknownOption(name: string, known: readonly string[]): StreamerError {
  return new StreamerError('OPTION_INVALID', `EventBridgeStreamer has no option '${name}'.`, {
    at: name,
    hint: `Its options are ${known.join(', ')}.`,
  })
}
