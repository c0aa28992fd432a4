import { StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'

/**
 * What `LocalStreamer.with` takes.
 * @public
 */
export interface LocalStreamerOptions {
  /**
   * The folder of the log, the same for all services that shall meet. Made for its owner alone (0700) if it is missing. It must be
   * on a disk of this machine. There is no default: services with different ones would never meet.
   */
  readonly path: string
  /** The topic of an address that names none. Default: none, and every address must name its topic. */
  readonly defaultTopic?: string
  /** Bytes ↔ event. Default `cloudEvents`. */
  readonly codec?: Codec
  /** The CloudEvents `source` of events that carry none. Default: the name of the service; outside of one, `unknown`. */
  readonly source?: string
  /**
   * The name under which the service reads. One streaming state reads a topic under a name at a time. Default: the service's name and environment, as
   * `blog-production`.
   */
  readonly group?: string
  /** The largest event taken, in encoded bytes: body, key and headers. Default 1 000 000, at most 100 000 000. */
  readonly maxEventBytes?: number
  /** How long a `poll` waits for its first event; milliseconds. Default 1000. */
  readonly pollWaitMs?: number
  /** The most events that one `poll` returns. Fewer, but at least one, where they are large (16 MB together). Default 500. */
  readonly pollBatch?: number
  /** What is forgotten, whoever has read it or not. Default: nothing. */
  readonly retention?: Retention
  /** How long a `publish` waits for another process that keeps the log locked, in milliseconds; while others commit, it waits on. Default 10 000. */
  readonly writeTimeoutMs?: number
  /**
   * `FULL`: a published event survives the loss of power. `NORMAL`: it survives the death of every process, and the newest ones may be
   * lost with the power. Default `FULL`.
   */
  readonly synchronous?: 'FULL' | 'NORMAL'
}

/**
 * Which events may go, the oldest first, a while after others were published. The newest event always stays.
 * @public
 */
export interface Retention {
  /** Those published longer ago; milliseconds. */
  readonly maxAgeMs?: number
  /** Those that make all topics together larger; encoded bytes. The file keeps its size and reuses the room. */
  readonly maxBytes?: number
}

/** Options, complete and valid. */
export type LocalStreamerSettings = Required<Omit<LocalStreamerOptions, 'defaultTopic' | 'source' | 'group'>> &
  Pick<LocalStreamerOptions, 'defaultTopic' | 'source' | 'group'>

const DEFAULTS = {
  codec: cloudEvents,
  maxEventBytes: 1_000_000,
  pollWaitMs: 1000,
  pollBatch: 500,
  retention: {},
  writeTimeoutMs: 10_000,
  synchronous: 'FULL',
} as const

/** What each option must be, in words and as a test. */
const RULES: Readonly<Record<keyof LocalStreamerOptions, readonly [string, (value: unknown) => boolean]>> = {
  path: ['a path without zero bytes', (value) => isText(value) && !value.includes('\0')],
  defaultTopic: ['a text that is not empty', isText],
  codec: ['a codec, as cloudEvents or json', isCodec],
  source: ['a text that is not empty', isText],
  group: ['a text that is not empty', isText],
  maxEventBytes: ['a whole number from 1 to 100000000', wholeNumber(1, 100_000_000)],
  pollWaitMs: ['a whole number of milliseconds from 0 to 3600000', wholeNumber(0, 3_600_000)],
  pollBatch: ['a whole number from 1 to 100000', wholeNumber(1, 100_000)],
  retention: ['an object with maxAgeMs or maxBytes, whole numbers from 1', isRetention],
  writeTimeoutMs: ['a whole number of milliseconds from 0 to 3600000', wholeNumber(0, 3_600_000)],
  synchronous: ["'FULL' or 'NORMAL'", (value) => value === 'FULL' || value === 'NORMAL'],
}

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: LocalStreamerOptions): LocalStreamerSettings {
  if (typeof options !== 'object' || options === null) throw invalid('path', undefined)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  if (!('path' in given)) throw invalid('path', undefined)
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof LocalStreamerOptions] : undefined
    if (rule === undefined) throw unknownOption(name)
    if (!rule[1](value)) throw invalid(name as keyof LocalStreamerOptions, value)
  }
  return { ...DEFAULTS, ...given } as LocalStreamerSettings
}

function invalid(name: keyof LocalStreamerOptions, value: unknown): StreamerError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return new StreamerError('OPTION_INVALID', `LocalStreamer's option '${name}' is ${shown}.`, {
    at: name,
    hint: `Give it ${RULES[name][0]}.`,
  })
}

function unknownOption(name: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `LocalStreamer has no option '${name}'.`, {
    at: name,
    hint: `Its options are ${Object.keys(RULES).join(', ')}.`,
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function wholeNumber(least: number, most: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function isCodec(value: unknown): boolean {
  const codec = value as Partial<Codec> | null
  return typeof codec?.encode === 'function' && typeof codec.decode === 'function'
}

function isRetention(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const isLimit = wholeNumber(1, Number.MAX_SAFE_INTEGER)
  return Object.entries(value).every(
    ([name, limit]) => ['maxAgeMs', 'maxBytes'].includes(name) && (limit === undefined || isLimit(limit))
  )
}
