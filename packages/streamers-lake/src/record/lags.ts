import { isDeclaring } from '@boostercloud/streamer-connector'
import type { RecorderStatus, StreamerLogger } from '@boostercloud/streamer-connector'
import { addressKey } from '../manifest'
import type { LakeState } from '../manifest'
import { closeOwn } from './close-own'
import { gapsOf } from './gaps/gaps-of'
import { lagOf } from './lag-of'
import type { RecordedAddress } from './recorded-address'

/** How far each address is behind its broker. Closes the streamers that were made for it. Never rejects: a broker that is away says nothing. */
export async function lagsOf(
  addresses: readonly RecordedAddress[],
  state: LakeState,
  log: StreamerLogger
): Promise<RecorderStatus['addresses']> {
  const found = await Promise.all(
    addresses.map(async ({ streamer, topic, connector }) => {
      const at = { streamer, ...(topic !== undefined && { topic }) }
      const isReceivers = isDeclaring(connector) && connector.capabilities.position === 'receiver'
      const cursor = isReceivers ? state.cursorOf(at) : undefined
      const lag = await lagOf(connector, topic, cursor)
      return { address: addressKey(at), ...(lag !== undefined && { lag }), gaps: gapsOf(state, addressKey(at)) }
    })
  )
  await closeOwn(addresses, log)
  return found
}
