import { isPartialPublishError, isStreamerError } from '@boostercloud/streamer-connector'
import type { NatsStreamer } from '../../src'

/** Publishes as a relay does: what failed and may pass is published again, until the stream has everything. Answers how often. */
export async function publishUntilStored(
  streamer: NatsStreamer,
  events: readonly object[],
  topic: string
): Promise<number> {
  const end = Date.now() + 30_000
  let left = events
  for (let tries = 1; ; tries += 1) {
    try {
      await streamer.publish(left as Parameters<typeof streamer.publish>[0], topic)
      return tries
    } catch (error) {
      if (!isStreamerError(error) || !error.retryable || Date.now() > end) throw error
      if (isPartialPublishError(error)) left = error.failed.map(({ index }) => left[index])
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** Resolves when the condition holds; rejects when that takes too long. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what}: not within 30 s`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
