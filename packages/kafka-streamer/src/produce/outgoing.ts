import { PartialPublishError, StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import type { FailedEvent } from '@boostercloud/streamer-connector'
import type { EncodedRecord } from '../wire'

/** One call of `publish`, until every one of its events is durable or has failed. */
export class Outgoing {
  /** Settled when all of it is. */
  public readonly done: Promise<void>
  private resolve: () => void = () => undefined
  private reject: (error: Error) => void = () => undefined
  private readonly failed: FailedEvent[] = []
  private open: number

  public constructor(
    private readonly total: number,
    private readonly at: string
  ) {
    this.open = total
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  /** So many of its events are durable. */
  public succeed(count: number): void {
    this.open -= count
    if (this.open === 0) this.finish()
  }

  /** One of its events is not, or it is not known whether it is. */
  public fail(index: number, error: StreamerError): void {
    this.failed.push({ index, error })
    this.succeed(1)
  }

  private finish(): void {
    const { failed, total, at } = this
    if (failed.length === 0) return this.resolve()
    failed.sort((a, b) => a.index - b.index)
    const [{ error }] = failed
    const isOne = failed.length === total && failed.every((each) => each.error.code === error.code)
    this.reject(isOne ? error : new PartialPublishError(failed, total, at))
  }
}

/** One event on its way. */
export interface OutgoingEvent {
  readonly encoded: EncodedRecord
  readonly outgoing: Outgoing
  /** Its place in its call. */
  readonly index: number
}

/** What was thrown, as ours. */
export function failureOf(thrown: unknown, topic: string): StreamerError {
  if (isStreamerError(thrown)) return thrown
  return new StreamerError('STREAMER_UNAVAILABLE', `Kafka did not take the events: ${String(thrown)}`, {
    at: `topic ${topic}`,
    hint: 'Publish them again.',
    retryable: true,
    cause: thrown,
  })
}
