import { errorName, within } from '@boostercloud/streamer-connector'
import type { StreamerHealth } from '@boostercloud/streamer-connector'
import type { Connection } from '../client'
import type { Backlog } from '../consume'

/** A server that takes longer to answer is not well; milliseconds. */
const ANSWER_MS = 2_000
/**
 * How an open connector is: unhealthy while the connection is cut, the server does not answer, or events are there that polls wait
 * for and do not get. Never rejects.
 */
export async function healthOf(
  connection: Connection,
  stream: string,
  backlogOf: () => Promise<Backlog>
): Promise<StreamerHealth> {
  const details = { server: connection.server, stream, connected: connection.isUp }
  if (!connection.isUp) return { healthy: false, details }
  try {
    const [{ state, config }, { lag, stalled }] = await within(
      ANSWER_MS,
      Promise.all([connection.ask((api) => api.streams.info(stream)), backlogOf()])
    )
    const known = { lag, messages: state.messages, bytes: state.bytes, lastSequence: state.last_seq }
    return { healthy: !stalled, details: { ...details, ...known, storage: config.storage, stalled } }
  } catch (thrown) {
    return { healthy: false, details: { ...details, error: errorName(thrown) } }
  }
}
