import { isClosable } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { RecordedAddress } from './recorded-address'

/** Closes the streamers that were made for recording. Never rejects. */
export async function closeOwn(
  addresses: readonly Pick<RecordedAddress, 'connector' | 'isOwn'>[],
  log: StreamerLogger
): Promise<void> {
  for (const connector of new Set(addresses.filter(({ isOwn }) => isOwn).map((one) => one.connector))) {
    if (!isClosable(connector)) continue
    const failed = (error: unknown): void => log.warn('A streamer of the recorder could not be closed.', error)
    await connector.close().catch(failed)
  }
}
