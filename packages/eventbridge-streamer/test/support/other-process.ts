import { EventBridgeStreamer } from '../../src'
import type { EventBridgeStreamerOptions } from '../../src'

/** How the conformance suite makes the same connector in another process. */
export function create(
  options: EventBridgeStreamerOptions,
  { pollWaitMs }: { pollWaitMs: number }
): EventBridgeStreamer {
  return EventBridgeStreamer.with({ ...options, pollWaitMs })
}
