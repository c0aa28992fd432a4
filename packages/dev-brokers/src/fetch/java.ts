import { StreamerError } from '@boostercloud/streamer-connector'
import { runToEnd } from '../run'

const OLDEST = 17

/** Rejects with `PACKAGE_MISSING` where there is no Java, or one that is too old. */
export async function requireJava(): Promise<void> {
  const settings = await runToEnd({ file: 'java', args: ['-XshowSettings:properties', '--version'] }).catch(() => '')
  const version = Number(/\b(\d+)(?:\.\d+)*/.exec(settings)?.[1])
  if (version >= OLDEST) return
  throw new StreamerError('PACKAGE_MISSING', `There is no Java ${OLDEST} here.`, {
    at: 'java',
    hint: `Install Java ${OLDEST} or later, and Maven.`,
  })
}
