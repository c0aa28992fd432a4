import type { RecordingGap } from '@boostercloud/streamer-connector'
import { addressKey } from '../../manifest'
import type { LakeState } from '../../manifest'

/** What is missing of an address for good. */
export function gapsOf(state: Pick<LakeState, 'gaps'>, address: string): RecordingGap[] {
  return state.gaps
    .filter((gap) => addressKey(gap) === address)
    .map(({ streamer: _, topic: __, version: ___, ...gap }) => gap)
}
