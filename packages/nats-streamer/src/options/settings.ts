import { cloudEvents, hasOnly, isText, option, optionError, settingsOf } from '@boostercloud/streamer-connector'
import type { Codec, SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import type { NatsRetention, NatsStreamerOptions, NatsTls, NatsTopic } from './options'
import { TOPIC } from './subjects'

const NAME = /^[^\s.*>/\\\p{Cc}]{1,200}$/u
const SERVER = /^(?:(?:nats|tls):\/\/)?(?:[^@/\s]*@)?(?:\[[0-9a-f:.]+\]|[^@/\s:[\]]+)(?::\d{1,5})?\/?$/i
const SUBJECT = /^[^\s*>\p{Cc}]+$/u
const DAY_MS = 86_400_000
const LIMIT = option.whole(1, Number.MAX_SAFE_INTEGER)

/** What each option takes, and its default. The addresses of servers may have a password. */
const OPTIONS = {
  servers: option.of<string | readonly string[]>("an address such as 'nats://localhost:4222', or several", areServers)
    .required.secret,
  stream: option.matching('a name without blanks, dots, wildcards and slashes', NAME).or('streamers'),
  subject: option.of<string>(`a subject without wildcards that has ${TOPIC} once, as one of its parts`, isTemplate),
  declare: option.flag.or(true),
  ordering: option.oneOf('key', 'none').or('key'),
  group: option.text,
  defaultTopic: option.text,
  codec: option.codec.or(cloudEvents),
  topics: option.each({ codec: option.codec } satisfies SchemaOf<NatsTopic>),
  source: option.text,
  user: option.text.secret,
  pass: option.of<string>('a text', (value) => typeof value === 'string').secret,
  token: option.text.secret,
  credentials: option.credentials,
  nkeySeed: option.matching("the seed of a user's nkey, which begins with SU", /^SU[A-Z2-7]{56}$/).secret,
  credsFile: option.matching('the path of a credentials file', /^[^\0]+$/),
  tls: option.of<boolean | NatsTls>(
    'true, false, or an object with caFile, certFile, keyFile or handshakeFirst',
    isTls
  ),
  inboxPrefix: option.of<string>('a subject without wildcards', isPrefix),
  connectTimeoutMs: option.milliseconds(1, 3_600_000).or(5000),
  maxEventBytes: option.whole(1, 64_000_000).or(1_000_000),
  maxInFlight: option.whole(1, 10_000).or(512),
  publishTimeoutMs: option.milliseconds(1, 3_600_000).or(5000),
  pollWaitMs: option.milliseconds(0, 3_600_000).or(1000),
  pollBatch: option.whole(1, 100_000).or(500),
  ackWaitMs: option.milliseconds(1000, DAY_MS).or(30_000),
  replicas: option.whole(1, 5).or(1),
  storage: option.oneOf('file', 'memory').or('file'),
  retention: option.group({
    maxAgeMs: option.milliseconds(100, 1e12),
    maxBytes: LIMIT,
    maxEvents: LIMIT,
  } satisfies SchemaOf<NatsRetention>),
  duplicateWindowMs: option.milliseconds(100, 365 * DAY_MS).or(120_000),
} satisfies SchemaOf<NatsStreamerOptions>

/** Options, complete and valid. */
export type NatsStreamerSettings = Omit<SettingsOf<typeof OPTIONS>, 'servers' | 'subject'> & {
  /** Without what is secret in their addresses. */
  readonly servers: readonly string[]
  readonly subject: string
}

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option; never shows a secret. */
export function settingsFrom(options: NatsStreamerOptions): NatsStreamerSettings {
  const settings = settingsOf('NatsStreamer', OPTIONS, options)
  refuseTwoLogins(settings)
  const servers = [settings.servers].flat()
  return {
    ...(settings.credentials === undefined ? login(servers) : {}),
    ...settings,
    subject: settings.subject ?? `${settings.stream}.${TOPIC}`,
    servers: servers.map(plain),
  }
}

/** Throws `OPTION_INVALID`: nobody could tell which of them counts. */
function refuseTwoLogins({ credentials, ...settings }: SettingsOf<typeof OPTIONS>): void {
  const other = (['user', 'pass', 'token', 'nkeySeed', 'credsFile'] as const).find(
    (name) => settings[name] !== undefined
  )
  if (credentials === undefined || other === undefined) return
  throw optionError('NatsStreamer', [
    { at: 'credentials', what: `is given, and so is ${other}`, hint: 'Remove one of them.' },
  ])
}

/** The codec of one topic. */
export function codecOf({ codec, topics }: Pick<NatsStreamerSettings, 'codec' | 'topics'>, topic: string): Codec {
  return (Object.hasOwn(topics, topic) ? topics[topic].codec : undefined) ?? codec
}

/** An address without what is secret in it. */
function plain(server: string): string {
  return server.replace(/^([a-z]+:\/\/)?[^@/]*@/i, '$1')
}

/** The user and password of the first address that has them. */
function login(servers: readonly string[]): { user?: string; pass?: string; token?: string } {
  for (const server of servers) {
    const [, , user, pass] = /^([a-z]+:\/\/)?([^@:/]+)(?::([^@/]*))?@/i.exec(server) ?? []
    if (user === undefined) continue
    return pass === undefined
      ? { token: decodeURIComponent(user) }
      : { user: decodeURIComponent(user), pass: decodeURIComponent(pass) }
  }
  return {}
}

function areServers(value: unknown): boolean {
  const servers = Array.isArray(value) ? value : [value]
  return servers.length > 0 && servers.every((server) => isText(server) && SERVER.test(server) && isEncoded(server))
}

/** A user and a password are percent-encoded in an address (RFC 3986 §3.2.1). */
function isEncoded(address: string): boolean {
  try {
    return decodeURIComponent(address) !== ''
  } catch {
    return false
  }
}

function isTemplate(value: unknown): boolean {
  if (!isText(value) || !SUBJECT.test(value)) return false
  const parts = value.split('.')
  return (
    parts.filter((part) => part === TOPIC).length === 1 &&
    parts.every((part) => part === TOPIC || /^[^{}]+$/.test(part))
  )
}

function isPrefix(value: unknown): boolean {
  return isText(value) && SUBJECT.test(value) && !/^\.|\.$|\.\./.test(value)
}

const TLS: Readonly<Record<keyof NatsTls, (value: unknown) => boolean>> = {
  caFile: isText,
  certFile: isText,
  keyFile: isText,
  handshakeFirst: (value) => typeof value === 'boolean',
}

function isTls(value: unknown): boolean {
  return typeof value === 'boolean' || hasOnly(value, TLS)
}
