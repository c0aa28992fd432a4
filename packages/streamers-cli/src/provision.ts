import { isProvisionable, isReplayable, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'

interface Addressed {
  readonly address: string
}

/**
 * Makes what is missing at the brokers of an app: for each address that it handles, and for those that it publishes to where the broker keeps events that nobody reads. Resolves
 * with the addresses that were seen to, in their order; a streamer that makes nothing is left out. Rejects as the streamers' `provision` does.
 */
export async function provisionTopics(
  streamers: Readonly<Record<string, StreamerConnector>>,
  handled: readonly Addressed[],
  published: readonly Addressed[]
): Promise<string[]> {
  const wanted = new Set([...handled, ...published.filter(({ address }) => keepsEvents(address))].map(addressOf))
  const made: string[] = []
  for (const address of [...wanted].sort()) {
    const { streamerId, topic } = parseAddress(address)
    const connector = streamers[streamerId]
    if (topic === undefined || !isProvisionable(connector)) continue
    await connector.provision([topic])
    made.push(address)
  }
  return made

  function keepsEvents(address: string): boolean {
    return isReplayable(streamers[parseAddress(address).streamerId])
  }
}

function addressOf({ address }: Addressed): string {
  return address
}
