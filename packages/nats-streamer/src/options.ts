import { StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import { RULES as ALL_RULES, SECRETS } from './option-rules'
import type { Rule } from './option-rules'

/** What `NatsStreamer.with` takes. */
export interface NatsStreamerOptions {
  /**
   * One server or several of a cluster, as `nats://host:4222` or `tls://host:4222`. A user and password in the address are taken as
   * the options `user` and `pass`, where these are not given. There is no default.
   */
  readonly servers: string | readonly string[]
  /** The JetStream stream that has the events of all topics. Default `streamers`. */
  readonly stream?: string
  /**
   * The subject of a topic; `{topic}` stands for the topic. Default: the stream's name, a dot and the topic, as `streamers.{topic}`.
   * `{topic}` alone makes topics subjects, for streams that are there already.
   */
  readonly subject?: string
  /**
   * Whether the stream is made where it is missing, and given the subjects that it lacks, before a topic is used. What it is
   * otherwise stays. Default true; `false` for the streams of others.
   */
  readonly declare?: boolean
  /**
   * `key`: the events of a key stay in order; one reader of a service reads a topic, and its receiver keeps the position.
   * `none`: replicas compete for the events of a topic, the server keeps what is acknowledged, and nothing is in order. Default `key`.
   */
  readonly ordering?: 'key' | 'none'
  /** The name that competing replicas share, where `ordering` is `none`. Default: the service's name and environment. */
  readonly group?: string
  /** The topic of an address that names none. Default: none, and every address must name its topic. */
  readonly defaultTopic?: string
  /** Bytes ↔ event. Default `cloudEvents`. */
  readonly codec?: Codec
  /** The CloudEvents `source` of events that carry none. Default: the name of the service; outside of one, `unknown`. */
  readonly source?: string

  readonly user?: string
  readonly pass?: string
  readonly token?: string
  /** The seed of an nkey, as `SU…`. */
  readonly nkeySeed?: string
  /** The path of a credentials file (a JWT and its nkey), read at each connecting. */
  readonly credsFile?: string
  /** Certificates. `true`: TLS with those of the system. Default: TLS where the server asks for it. */
  readonly tls?: boolean | NatsTls
  /** The subject prefix of answers, for accounts that may not listen to `_INBOX`. Default `_INBOX`. */
  readonly inboxPrefix?: string
  /** How long connecting to one server may take; milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number

  /** The largest event taken, in encoded bytes: body, key and headers. The server's `max_payload` bounds it too. Default 1 000 000. */
  readonly maxEventBytes?: number
  /** How many events may be on their way to the server at once; of one key it is one. Default 512. */
  readonly maxInFlight?: number
  /** How long the server may take to acknowledge an event; milliseconds. Default 5000. */
  readonly publishTimeoutMs?: number
  /** How long a `poll` waits for its first event; milliseconds. Default 1000. */
  readonly pollWaitMs?: number
  /** The most events that one `poll` returns. Default 500. */
  readonly pollBatch?: number
  /**
   * Where replicas compete: how long an event of a replica that died, or is cut off, waits until another is given it; milliseconds.
   * A handler may take longer: while the process lives it says so to the server. Default 30 000, at least 1000.
   */
  readonly ackWaitMs?: number

  /** Of a stream that is made: how many servers of a cluster keep it. Default 1. */
  readonly replicas?: number
  /** Of a stream that is made: `file`, or `memory`, which survives no restart of a single server. Default `file`. */
  readonly storage?: 'file' | 'memory'
  /** Of a stream that is made: what is forgotten, whoever has read it or not. Default: nothing. */
  readonly retention?: NatsRetention
  /** Of a stream that is made: how long an event that is published again is told by its id; milliseconds. Default 120 000. */
  readonly duplicateWindowMs?: number
}

/** Certificates and keys, as paths of PEM files. */
export interface NatsTls {
  /** Who is trusted besides the system's authorities. */
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  /** TLS before the server's first word, for servers that want it so. Default false. */
  readonly handshakeFirst?: boolean
}

/** Which events may go, the oldest first. */
export interface NatsRetention {
  /** Those published longer ago; milliseconds. */
  readonly maxAgeMs?: number
  /** Those that make the stream larger; bytes. */
  readonly maxBytes?: number
  /** Those that make them more. */
  readonly maxEvents?: number
}

type Defaulted =
  | 'stream'
  | 'subject'
  | 'declare'
  | 'ordering'
  | 'codec'
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
    mend: `Give it ${RULES[name][0]}.`,
  })
}

function unknownOption(name: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `NatsStreamer has no option '${name}'.`, {
    at: name,
    mend: `Its options are ${Object.keys(RULES).join(', ')}.`,
  })
}
