import { StreamerError } from '@boostercloud/streamer-connector'
import type { LakeStorage } from '../storage'

/** Neither a segment that the manifests name nor what may have replaced it is there. */
export function missingSegment({ place }: LakeStorage, path: string): StreamerError {
  return new StreamerError('STORAGE_DAMAGED', `The lake's segment ${path} is missing.`, {
    at: `${place}/${path}`,
    hint: 'Restore this file from a backup. boost-streamers lake verify names all that are missing.',
  })
}
