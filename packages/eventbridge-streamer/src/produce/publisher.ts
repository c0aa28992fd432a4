import { setTimeout as pause } from 'node:timers/promises'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { EventBridgeClient, PutEventsResultEntry } from '@aws-sdk/client-eventbridge'
import { endsWithin, PublishTally } from '@boostercloud/streamer-connector'
import type { FailedEvent, StreamerError } from '@boostercloud/streamer-connector'
import { batchesOf, closed, eachOf, entryError } from '../client'
import type { Sized } from '../wire'

/** What PutEvents takes at once. */
const MOST_ENTRIES = 10
/** Before the second try; it doubles up to the longest. */
const [FIRST_DELAY_MS, LONGEST_DELAY_MS] = [50, 2000]

/** What a publisher needs to know. */
export interface PublisherSettings {
  readonly maxEventBytes: number
  readonly maxInFlight: number
}

/** An entry that EventBridge has not taken, and whether it is to be sent again at once. */
interface Missed extends FailedEvent {
  readonly again: boolean
}

/** One call of `publish`. */
interface Call {
  readonly entries: readonly Sized[]
  readonly at: string
  readonly deadline: number
  readonly tally: PublishTally
}

/** Sends entries, and those again that AWS did not take. */
export class Publisher {
  /** Why the last request failed, if it did. */
  public failure?: StreamerError
  private readonly closing = new AbortController()
  private readonly underWay = new Set<Promise<void>>()

  public constructor(
    private readonly client: () => EventBridgeClient,
    private readonly settings: PublisherSettings
  ) {}

  /**
   * Resolves when EventBridge has all entries. Rejects with a `PartialPublishError` when it has only some, with the first one's error when it has
   * none. `deadline`: when it ends; milliseconds since the process began.
   */
  public async publish(entries: readonly Sized[], at: string, deadline: number): Promise<void> {
    const { maxEventBytes, maxInFlight } = this.settings
    const tally = new PublishTally(entries.length, at)
    const call: Call = { entries, at, deadline, tally }
    const sizes = entries.map(({ bytes }) => bytes)
    const batches = batchesOf(sizes, { count: MOST_ENTRIES, bytes: maxEventBytes })
    const sending = eachOf(batches, maxInFlight, (batch) => this.send(batch, call))
    this.underWay.add(sending)
    await sending.finally(() => this.underWay.delete(sending))
    await tally.result()
  }

  /** Lets what is under way end, for so long; then ends it. */
  public async close(graceMs: number): Promise<void> {
    const ended = Promise.allSettled(this.underWay)
    await endsWithin(graceMs, ended)
    this.closing.abort()
    await ended
  }

  /** One request, and again with the entries that failed and may yet succeed, until the time is over. */
  private async send(batch: readonly number[], call: Call): Promise<void> {
    let left = batch
    for (let tries = 0; left.length > 0; tries += 1) {
      const missed = new Map((await this.request(left, call)).map((each) => [each.index, each]))
      const mayWait = backoff(tries, call.deadline)
      const isOver = mayWait === undefined || this.closing.signal.aborted
      const again = left.filter((index) => !isOver && missed.get(index)?.again)
      for (const index of left) if (!again.includes(index)) call.tally.settle(index, missed.get(index)?.error)
      left = again
      if (left.length > 0) await pause(mayWait, undefined, { signal: this.closing.signal }).catch(() => undefined)
    }
  }

  private async request(batch: readonly number[], { entries, at, deadline }: Call): Promise<Missed[]> {
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - performance.now())))
    const abortSignal = AbortSignal.any([limit, this.closing.signal])
    try {
      const command = new PutEventsCommand({ Entries: batch.map((index) => entries[index].entry) })
      const { FailedEntryCount = 0, Entries = [] } = await this.client().send(command, { abortSignal })
      this.failure = undefined
      return FailedEntryCount === 0 ? [] : failedOf(batch, Entries, at)
    } catch (thrown) {
      const error = this.closing.signal.aborted ? closed(at) : requestError(thrown, at)
      this.failure = error
      const again = isThrottled(thrown)
      return batch.map((index) => ({ index, error, again }))
    }
  }
}

/** AWS answers, and has too much to do, or trouble of its own. What does not answer is left to whoever publishes. */
function isThrottled(thrown: unknown): boolean {
  const { name = '', $metadata = {} } = thrown as { name?: string; $metadata?: { httpStatusCode?: number } }
  return /^(Throttl|TooManyRequests|RequestLimit)/.test(name) || ($metadata.httpStatusCode ?? 0) >= 500
}

function requestError(thrown: unknown, at: string): StreamerError {
  const { name, message } = thrown as Error
  return entryError(name, message, { at, cause: thrown })
}

/** AWS answers for each entry in the order of the request: an id, or an error. */
function failedOf(batch: readonly number[], results: readonly PutEventsResultEntry[], at: string): Missed[] {
  return batch.flatMap((index, place) => {
    const { EventId, ErrorCode = 'NoAnswer', ErrorMessage = 'AWS gave no reason' } = results[place] ?? {}
    if (EventId !== undefined) return []
    const error = entryError(ErrorCode, ErrorMessage, { at })
    return [{ index, error, again: error.retryable }]
  })
}

/** How long to wait before the next try, at random up to a bound that doubles; undefined where the time would be over. */
function backoff(tries: number, deadline: number): number | undefined {
  const most = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries)
  const wait = most / 2 + (Math.random() * most) / 2
  return performance.now() + wait < deadline ? wait : undefined
}
