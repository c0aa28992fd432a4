import { option, settingsOf } from '@boostercloud/streamer-connector'
import type { SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'

/**
 * What `Lake.with` takes.
 * @experimental
 */
export interface LakeOptions {
  /** The folder of the lake, on a disk of this machine. Made for its owner alone (0700) when something is recorded and it is missing. */
  readonly path: string
  /** The addresses that are recorded where a service has this lake, as `main-kafka/posts`. Default: all that the service publishes to and handles. */
  readonly topics?: readonly string[]
  /** After how long a segment is closed, from its first event on; milliseconds. What is recorded can be read then. Default 60,000. */
  readonly segmentMs?: number
  /** The most events of a segment. Default 100,000. */
  readonly segmentEvents?: number
  /** How large a segment becomes, about; bytes. Default 64,000,000. */
  readonly segmentBytes?: number
}

/** What each option takes, and its default. */
const OPTIONS = {
  path: option.of<string>('a path without zero bytes', isPath).required,
  topics: option.of<readonly string[]>('a list of addresses, such as main-kafka/posts', isAddresses),
  segmentMs: option.milliseconds(1, 86_400_000).or(60_000),
  segmentEvents: option.whole(1, 10_000_000).or(100_000),
  segmentBytes: option.whole(1, 1_000_000_000).or(64_000_000),
} satisfies SchemaOf<LakeOptions>

/** Options, complete and valid. */
export type LakeSettings = SettingsOf<typeof OPTIONS>

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: LakeOptions): LakeSettings {
  return settingsOf('Lake', OPTIONS, options)
}

function isAddresses(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((address) => typeof address === 'string' && address !== '')
  )
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}
