import { errorName } from '@boostercloud/streamer-connector'
import type { StreamerHealth } from '@boostercloud/streamer-connector'
import type { Opened } from '../log'

/** Tries whether something can be appended. Never rejects. */
export async function healthOf({ log, bell }: Opened): Promise<StreamerHealth> {
  try {
    await log.probe()
    const details = { open: true, bytes: log.bytes(), lastSequence: log.lastSequence(), doorbell: bell.works }
    return { healthy: true, details }
  } catch (thrown) {
    return { healthy: false, details: { open: true, error: errorName(thrown) } }
  }
}
