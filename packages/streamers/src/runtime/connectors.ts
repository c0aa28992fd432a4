import { isAttachable, isClosable } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import type { Service } from './service'

type Streamers = ReadonlyMap<string, StreamerConnector>

/** Tells connectors for whom they work. */
export function attachAll(
  streamers: Streamers,
  { appName, environment, log }: Pick<Service, 'appName' | 'environment' | 'log'>,
  stateId?: string
): void {
  for (const [streamerId, connector] of streamers) {
    if (isAttachable(connector)) connector.attach({ streamerId, appName, environment, stateId, logger: log })
  }
}

/** Closes connectors. Never rejects. */
export async function closeAll(streamers: Streamers, log: StreamerLogger): Promise<void> {
  for (const [streamerId, connector] of streamers) {
    if (!isClosable(connector)) continue
    await connector.close().catch((error: unknown) => log.warn(`Closing '${streamerId}' failed.`, error))
  }
}
