import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { HandlerCheck } from '@boostercloud/streamers/runtime'

/** Throws `SCHEMA_OUTDATED` for the first handler whose schema is older than the sources that it was made of, saying what to run. */
export function requireFreshSchemas(checks: readonly HandlerCheck[]): void {
  for (const { handler, typeName = 'its event', schemaFile = '', changedSources } of checks) {
    const [changed] = changedSources
    if (changed === undefined) continue
    const folder = relative('.', packageOf(schemaFile))
    throw new StreamerError(
      'SCHEMA_OUTDATED',
      `The schema of ${typeName}, which ${handler} takes, is older than ${relative('.', changed)}.`,
      {
        at: relative('.', schemaFile),
        hint: `Build it again: npm run build${folder === '' ? '' : ` in ${folder}`}, then boost-streamers schemas${folder === '' ? '' : ` ${folder}`} if that is not a postbuild script.`,
      }
    )
  }
}

/** The folder of the package that a file belongs to. */
function packageOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) return folder
  }
}
