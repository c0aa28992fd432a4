import { isLagReporting, within } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'

/** Milliseconds that a broker may take to say how much is not recorded. */
const LAG_MS = 5_000

/**
 * How many events of a topic are not recorded. Undefined where the connector does not say it, and where its broker does not answer in time: whether it answers, the polls say.
 * Never rejects.
 */
export async function lagOf(
  connector: StreamerConnector,
  topic?: string,
  cursor?: string
): Promise<number | undefined> {
  if (!isLagReporting(connector)) return undefined
  return within(LAG_MS, connector.lag(topic, cursor)).catch(() => undefined)
}
