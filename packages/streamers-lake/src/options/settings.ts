import { option, optionError, settingsOf } from '@boostercloud/streamer-connector'
import type { SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import { S3_OPTIONS, s3OptionsOf } from './s3-options'
import type { LakeS3Options } from './s3-options'

/**
 * What `Lake.with` takes. One of `path` and `s3` is given.
 * @experimental
 */
export interface LakeOptions {
  /**
   * The folder of the lake, on a disk of this machine. Made for its owner alone (0700) when something is recorded and it is missing. `s3://bucket/prefix` is the
   * same as `s3: { bucket, prefix }`.
   */
  readonly path?: string
  /** The lake is in a bucket. It needs the package `@aws-sdk/client-s3`. */
  readonly s3?: LakeS3Options
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
  topics: option.of<readonly string[]>('a list of addresses, such as main-kafka/posts', isAddresses),
  path: option.of<string>('a path without zero bytes, or s3://bucket/prefix', isPath),
  s3: option.groupOrNone(S3_OPTIONS),
  segmentMs: option.milliseconds(1, 86_400_000).or(60_000),
  segmentEvents: option.whole(1, 10_000_000).or(100_000),
  segmentBytes: option.whole(1, 1_000_000_000).or(64_000_000),
} satisfies SchemaOf<LakeOptions>

/** A bucket, complete and valid. */
type S3Settings = SettingsOf<typeof S3_OPTIONS>

type Limits = Pick<SettingsOf<typeof OPTIONS>, 'topics' | 'segmentMs' | 'segmentEvents' | 'segmentBytes'>

/** Options, complete and valid. */
export type LakeSettings = Limits & { readonly place: { readonly path: string } | { readonly s3: S3Settings } }

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: LakeOptions): LakeSettings {
  const { path, s3, ...limits } = settingsOf('Lake', OPTIONS, options)
  if (s3 !== undefined) {
    if (path === undefined) return { ...limits, place: { s3 } }
    throw wrong('path', 'is given beside s3', 'Give one of the two.')
  }
  if (path === undefined) throw wrong('path', 'is missing', `Give a folder, or s3: { bucket, prefix }.`)
  const bucket = s3OptionsOf(path)
  if (bucket === undefined) return { ...limits, place: { path } }
  return { ...limits, place: { s3: settingsOf('Lake', S3_OPTIONS, bucket) } }
}

function wrong(at: string, what: string, hint: string): Error {
  return optionError('Lake', [{ at, what, hint }])
}

function isAddresses(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((address) => typeof address === 'string' && address !== '')
  )
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}
