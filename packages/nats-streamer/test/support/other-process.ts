import type { CreateOverrides } from '@boostercloud/streamer-testkit/conformance'
import { NatsStreamer } from '../../src'
import type { NatsStreamerOptions } from '../../src'

/** The streamer of a conformance column; the suite's other processes call it too. */
export function create(
  options: NatsStreamerOptions,
  { pollWaitMs }: Pick<CreateOverrides, 'pollWaitMs'>
): NatsStreamer {
  return NatsStreamer.with({ ...options, pollWaitMs })
}
