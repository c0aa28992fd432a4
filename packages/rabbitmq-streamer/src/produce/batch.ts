import { PartialPublishError } from '@boostercloud/streamer-connector'
import type { FailedEvent, StreamerError } from '@boostercloud/streamer-connector'

/** What becomes of the events of one `publish`. */
export class Batch {
  /** Resolves when nothing of it is open. */
  public readonly finished: Promise<void>
  private readonly known: Uint8Array
  private readonly failed: FailedEvent[] = []
  private open: number
  private finish: () => void = () => undefined

  public constructor(private readonly size: number) {
    this.open = size
    this.known = new Uint8Array(size)
    this.finished = new Promise((resolve) => (this.finish = resolve))
  }

  /** Whether nothing of it is open. */
  public get isOver(): boolean {
    return this.open === 0
  }

  /** Takes note of what became of one event, the first time that something does. */
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

  /** Throws what `publish` rejects with where something failed. */
  public throwFailures(at: string): void {
    const [first] = this.failed
    if (first === undefined) return
    if (this.failed.length === this.size) throw first.error
    throw new PartialPublishError(
      [...this.failed].sort((a, b) => a.index - b.index),
      this.size,
      at
    )
  }
}
