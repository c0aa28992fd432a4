import { cloudEvents, option, settingsOf } from '@boostercloud/streamer-connector'
import type { SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'
import type { LocalStreamerOptions, Retention } from './options'

const LIMIT = option.whole(1, Number.MAX_SAFE_INTEGER)

/** What each option takes, and its default. */
const OPTIONS = {
  path: option.of<string>('a path without zero bytes', isPath).required,
  defaultTopic: option.text,
  codec: option.codec.or(cloudEvents),
  source: option.text,
  group: option.text,
  maxEventBytes: option.whole(1, 100_000_000).or(1_000_000),
  pollWaitMs: option.milliseconds(0, 3_600_000).or(1000),
  pollBatch: option.whole(1, 100_000).or(500),
  retention: option.group({ maxAgeMs: LIMIT, maxBytes: LIMIT } satisfies SchemaOf<Retention>),
  writeTimeoutMs: option.milliseconds(0, 3_600_000).or(10_000),
  synchronous: option.oneOf('FULL', 'NORMAL').or('FULL'),
} satisfies SchemaOf<LocalStreamerOptions>

/** Options, complete and valid. */
export type LocalStreamerSettings = SettingsOf<typeof OPTIONS>

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: LocalStreamerOptions): LocalStreamerSettings {
  return settingsOf('LocalStreamer', OPTIONS, options)
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}
