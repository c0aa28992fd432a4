import { isAttachable, isProvisionable, isReplayable, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerContext } from '@boostercloud/streamer-connector'

/** An app's streamers, and whose they are. */
export interface Provisioned {
  readonly streamers: Readonly<Record<string, StreamerConnector>>
  readonly service: Omit<StreamerContext, 'streamerId'>
}

interface Addressed {
  readonly address: string
}

/**
 * Makes what is missing at the brokers of an app: for each address that it handles, and for those that it publishes to where the broker keeps events that nobody reads. Resolves
 * with the addresses that were seen to, in their order; a streamer that makes nothing is left out. Rejects as the streamers' `provision` does.
 */
export async function provisionTopics(
  { streamers, service }: Provisioned,
  handled: readonly Addressed[],
  published: readonly Addressed[]
): Promise<string[]> {
  // By their service connectors name its queues and groups.
  for (const [streamerId, connector] of Object.entries(streamers)) {
    if (isAttachable(connector)) connector.attach({ streamerId, ...service })
  }
  const read = new Set(handled.map(addressOf))
  const wanted = new Set([...read, ...published.map(addressOf).filter(keepsEvents)])
  const made: string[] = []
  for (const address of [...wanted].sort()) {
    const { streamerId, topic } = parseAddress(address)
    const connector = streamers[streamerId]
    if (topic === undefined || !isProvisionable(connector)) continue
    await connector.provision([topic], { reads: read.has(address) })
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
