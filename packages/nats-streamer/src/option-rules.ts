import type { Codec } from '@boostercloud/streamer-connector'
import { TOPIC } from './subjects'

/** What an option must be, in words and as a test. */
export type Rule = readonly [inWords: string, isValid: (value: unknown) => boolean]

/** Options whose values are never shown. The addresses of servers may have a password. */
export const SECRETS: ReadonlySet<string> = new Set(['servers', 'user', 'pass', 'token', 'nkeySeed'])

const NAME = /^[^\s.*>/\\\p{Cc}]{1,200}$/u
const SERVER = /^(?:(?:nats|tls):\/\/)?(?:[^@/\s]*@)?(?:\[[0-9a-f:.]+\]|[^@/\s:[\]]+)(?::\d{1,5})?\/?$/i
const SUBJECT = /^[^\s*>\p{Cc}]+$/u
const DAY_MS = 86_400_000

/** What each option must be, in words and as a test. */
export const RULES = {
  servers: ["an address as 'nats://localhost:4222', or several", areServers],
  stream: ['a name without blanks, dots, wildcards and slashes', (value) => isText(value) && NAME.test(value)],
  subject: [`a subject without wildcards that has ${TOPIC} once, as a part of its own`, isTemplate],
  declare: ['true or false', (value) => typeof value === 'boolean'],
  ordering: ["'key' or 'none'", (value) => value === 'key' || value === 'none'],
  group: ['a text that is not empty', isText],
  defaultTopic: ['a text that is not empty', isText],
  codec: ['a codec, as cloudEvents or json', isCodec],
  topics: ['for each topic an object with a codec', areTopics],
  source: ['a text that is not empty', isText],
  user: ['a text that is not empty', isText],
  pass: ['a text', (value) => typeof value === 'string'],
  token: ['a text that is not empty', isText],
  nkeySeed: [
    "the seed of a user's nkey, which begins with SU",
    (value) => isText(value) && /^SU[A-Z2-7]{56}$/.test(value),
  ],
  credsFile: ['the path of a credentials file', (value) => isText(value) && !value.includes('\0')],
  tls: ['true, false, or an object with caFile, certFile, keyFile or handshakeFirst', isTls],
  inboxPrefix: [
    'a subject without wildcards',
    (value) => isText(value) && SUBJECT.test(value) && !/^\.|\.$|\.\./.test(value),
  ],
  connectTimeoutMs: milliseconds(1, 3_600_000),
  maxEventBytes: ['a whole number from 1 to 64000000', wholeNumber(1, 64_000_000)],
  maxInFlight: ['a whole number from 1 to 10000', wholeNumber(1, 10_000)],
  publishTimeoutMs: milliseconds(1, 3_600_000),
  pollWaitMs: milliseconds(0, 3_600_000),
  pollBatch: ['a whole number from 1 to 100000', wholeNumber(1, 100_000)],
  ackWaitMs: milliseconds(1000, DAY_MS),
  replicas: ['a whole number from 1 to 5', wholeNumber(1, 5)],
  storage: ["'file' or 'memory'", (value) => value === 'file' || value === 'memory'],
  retention: ['an object with maxAgeMs, maxBytes or maxEvents, whole numbers from 1', isRetention],
  duplicateWindowMs: milliseconds(100, 365 * DAY_MS),
} as const satisfies Readonly<Record<string, Rule>>

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function wholeNumber(least: number, most: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function milliseconds(least: number, most: number): Rule {
  return [`a whole number of milliseconds from ${least} to ${most}`, wholeNumber(least, most)]
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

function isCodec(value: unknown): boolean {
  const codec = value as Partial<Codec> | null
  return typeof codec?.encode === 'function' && typeof codec.decode === 'function'
}

function areTopics(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([topic, own]) => topic !== '' && hasOnly(own, { codec: isCodec }))
}

function isTls(value: unknown): boolean {
  if (typeof value === 'boolean') return true
  return hasOnly(value, {
    caFile: isText,
    certFile: isText,
    keyFile: isText,
    handshakeFirst: (given) => typeof given === 'boolean',
  })
}

function isRetention(value: unknown): boolean {
  const isLimit = wholeNumber(1, Number.MAX_SAFE_INTEGER)
  return hasOnly(value, { maxAgeMs: wholeNumber(100, 1e12), maxBytes: isLimit, maxEvents: isLimit })
}

function hasOnly(value: unknown, members: Readonly<Record<string, (given: unknown) => boolean>>): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(
    ([name, given]) => Object.hasOwn(members, name) && (given === undefined || members[name](given))
  )
}
