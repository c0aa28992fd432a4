import { StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import { RULES as ALL_RULES, SECRETS } from './option-rules'
import type { Rule } from './option-rules'
import type { NatsStreamerOptions } from './options'

type Defaulted =
  | 'stream'
  | 'subject'
  | 'declare'
  | 'ordering'
  | 'codec'
  | 'topics'
  | 'connectTimeoutMs'
  | 'maxEventBytes'
  | 'maxInFlight'
  | 'publishTimeoutMs'
  | 'pollWaitMs'
  | 'pollBatch'
  | 'ackWaitMs'
  | 'replicas'
  | 'storage'
  | 'retention'
  | 'duplicateWindowMs'

/** Options, complete and valid. */
export type NatsStreamerSettings = Readonly<Required<Pick<NatsStreamerOptions, Defaulted>>> &
  Omit<NatsStreamerOptions, Defaulted | 'servers'> & { readonly servers: readonly string[] }

const DEFAULTS = {
  stream: 'streamers',
  declare: true,
  ordering: 'key',
  codec: cloudEvents,
  topics: {},
  connectTimeoutMs: 5000,
  maxEventBytes: 1_000_000,
  maxInFlight: 512,
  publishTimeoutMs: 5000,
  pollWaitMs: 1000,
  pollBatch: 500,
  ackWaitMs: 30_000,
  replicas: 1,
  storage: 'file',
  retention: {},
  duplicateWindowMs: 120_000,
} as const

const RULES: Readonly<Record<keyof NatsStreamerOptions, Rule>> = ALL_RULES

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option; never shows a secret. */
export function settingsFrom(options: NatsStreamerOptions): NatsStreamerSettings {
  if (typeof options !== 'object' || options === null) throw invalid('servers', undefined)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  if (!('servers' in given)) throw invalid('servers', undefined)
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof NatsStreamerOptions] : undefined
    if (rule === undefined) throw unknownOption(name)
    if (!rule[1](value)) throw invalid(name as keyof NatsStreamerOptions, value)
  }
  const complete = { ...DEFAULTS, ...given } as unknown as NatsStreamerSettings
  return {
    ...complete,
    ...addresses(options.servers),
    ...given,
    subject: complete.subject ?? `${complete.stream}.{topic}`,
    ...plain(options.servers),
  }
}

/** The codec of one topic. */
export function codecOf({ codec, topics }: Pick<NatsStreamerSettings, 'codec' | 'topics'>, topic: string): Codec {
  return (Object.hasOwn(topics, topic) ? topics[topic].codec : undefined) ?? codec
}

/** The servers without what is secret in their addresses. */
function plain(servers: string | readonly string[]): { servers: string[] } {
  return { servers: [servers].flat().map((server) => server.replace(/^([a-z]+:\/\/)?[^@/]*@/i, '$1')) }
}

/** The user and password of the first address that has them. */
function addresses(servers: string | readonly string[]): { user?: string; pass?: string; token?: string } {
  for (const server of [servers].flat()) {
    const [, , user, pass] = /^([a-z]+:\/\/)?([^@:/]+)(?::([^@/]*))?@/i.exec(server) ?? []
    if (user === undefined) continue
    return pass === undefined
      ? { token: decodeURIComponent(user) }
      : { user: decodeURIComponent(user), pass: decodeURIComponent(pass) }
  }
  return {}
}

function invalid(name: keyof NatsStreamerOptions, value: unknown): StreamerError {
  const shown = SECRETS.has(name)
    ? 'not well-formed'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
  return new StreamerError('OPTION_INVALID', `NatsStreamer's option '${name}' is ${shown}.`, {
    at: name,
    hint: `Give it ${RULES[name][0]}.`,
  })
}

function unknownOption(name: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `NatsStreamer has no option '${name}'.`, {
    at: name,
    hint: `Its options are ${Object.keys(RULES).join(', ')}.`,
  })
}
