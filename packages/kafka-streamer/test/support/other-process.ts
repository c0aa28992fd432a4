import { KafkaStreamer } from '../../src'
import { TEST_OPTIONS } from './test-options'

/** How the conformance suite makes the same connector in another process. */
export function create(broker: string, { pollWaitMs }: { pollWaitMs: number }): KafkaStreamer {
  return KafkaStreamer.with({
    ...TEST_OPTIONS,
    brokers: [broker],
    consumer: { ...TEST_OPTIONS.consumer, pollWaitMs },
  })
}
