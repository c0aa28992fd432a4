import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerHealth } from '@boostercloud/streamer-connector'
import type { Opened } from '../log'

/** Tries whether something can be appended. Never rejects. */
export async function healthOf({ log, bell }: Opened, path: string): Promise<StreamerHealth> {
  try {
    await log.probe()
    const details = { path, open: true, bytes: log.bytes(), lastSequence: log.lastSequence(), doorbell: bell.works }
    return { healthy: true, details }
  } catch (thrown) {
    return { healthy: false, details: { path, open: true, error: nameOf(thrown) } }
  }
}

/** An error by its code, or in its own words. */
export function nameOf(thrown: unknown): string {
  return isStreamerError(thrown) ? thrown.code : String(thrown)
}
