import type { CreateOverrides } from '@boostercloud/streamer-testkit/conformance'
import { LocalStreamer } from '../../src'

/** The streamer on a folder; the conformance suite's other processes call it too. */
export function create(path: string, { pollWaitMs }: Pick<CreateOverrides, 'pollWaitMs'>): LocalStreamer {
  return LocalStreamer.with({ path, pollWaitMs, maxEventBytes: 100_000 })
}
