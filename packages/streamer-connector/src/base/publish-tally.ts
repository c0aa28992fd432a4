import { PartialPublishError } from '../contract'
import type { FailedEvent, StreamerError } from '../contract'

/**
 * What becomes of the events of one `publish`, until every one of them is durable or has failed.
 * @experimental
 */
export class PublishTally {
  /** Resolves when nothing is open. Never rejects. */
  public readonly finished: Promise<void>
  private readonly known: Uint8Array
  private readonly failed: FailedEvent[] = []
  private open: number
  private finish: () => void = () => undefined

  /** `at`: what errors name as the place. */
  public constructor(
    private readonly size: number,
    private readonly at: string
  ) {
    this.open = size
    this.known = new Uint8Array(size)
    this.finished = new Promise((resolve) => (this.finish = resolve))
    if (size === 0) this.finish()
  }

  /** Whether nothing is open. */
  public get isOver(): boolean {
    return this.open === 0
  }

  /** Takes note of what became of one event, by its place: it is durable, or has failed. Only the first time counts. */
  public settle(index: number, error?: StreamerError): void {
    if (this.known[index] === 1) return
    this.known[index] = 1
    if (error !== undefined) this.failed.push({ index, error })
    this.open -= 1
    if (this.open === 0) this.finish()
  }

  /** Whatever is open has failed. */
  public fail(error: StreamerError): void {
    for (let index = 0; index < this.size; index += 1) this.settle(index, error)
  }

  /**
   * Resolves when all are durable. Rejects with what they failed with where all did for the same reason, by its code, and with a `PartialPublishError` for any other
   * failure.
   */
  public async result(): Promise<void> {
    await this.finished
    const failed = [...this.failed].sort((a, b) => a.index - b.index)
    if (failed.length === 0) return
    const [{ error }] = failed
    const isOneReason = failed.length === this.size && failed.every((each) => each.error.code === error.code)
    throw isOneReason ? error : new PartialPublishError(failed, this.size, this.at)
  }
}
