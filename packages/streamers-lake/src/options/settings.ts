import { option, settingsOf } from '@boostercloud/streamer-connector'
import type { SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'

/**
 * What `Lake.with` takes.
 * @experimental
 */
export interface LakeOptions {
  /** The folder of the lake, on a disk of this machine. Made for its owner alone (0700) when something is recorded and it is missing. */
  readonly path: string
}

/** What each option takes, and its default. */
const OPTIONS = {
  path: option.of<string>('a path without zero bytes', isPath).required,
} satisfies SchemaOf<LakeOptions>

/** Options, complete and valid. */
export type LakeSettings = SettingsOf<typeof OPTIONS>

/** Checks options and completes them. Throws `OPTION_INVALID`, naming the option. */
export function settingsFrom(options: LakeOptions): LakeSettings {
  return settingsOf('Lake', OPTIONS, options)
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}
