import { RabbitMQStreamer } from '../../src'
import type { RabbitMQStreamerOptions } from '../../src'

/** How the conformance suite makes the same connector in another process. */
export function create(options: RabbitMQStreamerOptions, { pollWaitMs }: { pollWaitMs: number }): RabbitMQStreamer {
  return RabbitMQStreamer.with({ ...options, pollWaitMs })
}
