import { isClosable, isDeclaring, isLagReporting, within } from '@boostercloud/streamer-connector'
import type { RecorderStatus } from '@boostercloud/streamer-connector'
import { addressKey } from '../manifest'
import type { LakeState } from '../manifest'
import { gapsOf } from './gaps/gaps-of'
import type { RecordedAddress } from './recorder'

/** Milliseconds that a broker may take to say how much is not recorded. */
const LAG_MS = 5_000

/** How far each address is behind its broker. Closes the streamers that were made for it. Never rejects: a broker that is away says nothing. */
export async function lagsOf(
  addresses: readonly RecordedAddress[],
  state: LakeState
): Promise<RecorderStatus['addresses']> {
  const found = await Promise.all(
    addresses.map(async ({ streamer, topic, connector }) => {
      const at = { streamer, ...(topic !== undefined && { topic }) }
      const isReceivers = isDeclaring(connector) && connector.capabilities.position === 'receiver'
      const cursor = isReceivers ? state.cursorOf(at) : undefined
      const asked = isLagReporting(connector) ? connector.lag(topic, cursor) : undefined
      const lag = await within(LAG_MS, Promise.resolve(asked), () => undefined).catch(() => undefined)
      return { address: addressKey(at), ...(lag !== undefined && { lag }), gaps: gapsOf(state, addressKey(at)) }
    })
  )
  const own = new Set(addresses.filter(({ isOwn }) => isOwn).map(({ connector }) => connector))
  for (const connector of own) if (isClosable(connector)) await connector.close().catch(() => undefined)
  return found
}
