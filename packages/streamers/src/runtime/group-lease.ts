import { Stopwatch, isStreamerError, within } from '@boostercloud/streamer-connector'
import type { GroupOwner, GroupOwning, StreamerLogger } from '@boostercloud/streamer-connector'

import { troubleWith } from '../timing'
import type { Trouble } from '../timing'

/** Under what a streamer's failures are told of here. */
const PART = 'its group'
/** Milliseconds until a start goes on without an answer: a broker that is away delays no start. */
const ANSWER_MS = 2_000
/** Milliseconds between two questions while another state owns the group. */
const ASK_EVERY_MS = 250

/** What a lease needs to know. */
export interface GroupLeaseOptions {
  readonly streamerId: string
  readonly connector: GroupOwning
  readonly topics: readonly string[]
  readonly owner: GroupOwner
  readonly log: StreamerLogger
  /** Told the states under which the group was read before, each time that it is owned. */
  readonly onBefore: (ids: readonly string[]) => Promise<void>
}

/** Holds a service's group at one streamer, for as long as the service runs. */
export class GroupLease {
  /** Since the last answer by which it is held was asked for; undefined while another state owns the group. */
  private held?: Stopwatch
  private wasHeld = false
  private asking?: Promise<void>
  private timer?: NodeJS.Timeout
  private stopped = false

  public constructor(private readonly options: GroupLeaseOptions) {}

  /**
   * Owns the group. While another state does, waits up to `waitMs` for it to end, then rejects with `GROUP_OWNED`. Where the broker gives no answer,
   * it resolves, and nothing is polled until there is one.
   */
  public async begin(waitMs: number): Promise<void> {
    const limit = performance.now() + waitMs
    for (let told = false; !this.stopped; told = true) {
      const thrown = await this.answerWithin(ANSWER_MS)
      if (!isStreamerError(thrown, 'GROUP_OWNED')) break
      if (performance.now() >= limit) throw thrown
      if (!told) this.options.log.warn(`Waiting up to ${waitMs} ms for the other state to stop.`, thrown)
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
    }
    if (this.stopped) return
    this.timer = setInterval(() => void this.answerWithin(Infinity), this.options.owner.leaseMs / 3)
    this.timer.unref()
  }

  /** Whether the group is owned for sure, as far as is known without asking. */
  public get isHeld(): boolean {
    return this.held !== undefined && this.held.elapsedMs < this.options.owner.leaseMs
  }

  /** Whether another state was found to own the group when it was asked last. */
  public get isLost(): boolean {
    return this.wasHeld && this.held === undefined
  }

  /** Resolves while the group is owned. Rejects with `GROUP_OWNED` while another state owns it, or with why the broker could not be asked. */
  public async require(): Promise<void> {
    if (!this.isHeld) await this.ask()
  }

  /** Owns it no more. Never rejects: what cannot be given back is over when the lease is. */
  public async end(): Promise<void> {
    if (this.stopped) return
    this.stopped = true
    clearInterval(this.timer)
    const { connector, topics, owner, log, streamerId } = this.options
    await this.asking?.catch(() => undefined)
    if (!this.wasHeld) return
    await connector.leaveGroup(topics, owner).catch((error: unknown) => {
      log.warn(
        `The group at '${streamerId}' could not be released. Another state has to wait until its lease expires.`,
        error
      )
    })
  }

  /** What was thrown, if anything; undefined also where there is no answer in time. */
  private async answerWithin(ms: number): Promise<unknown> {
    const asked = this.ask().then(
      () => this.trouble.worked(PART),
      (thrown: unknown) => {
        const what = `The group at '${this.options.streamerId}' is not owned, so nothing is polled. It is requested again.`
        this.trouble.failed(PART, { what, error: thrown })
        return thrown
      }
    )
    return within(ms, asked, () => undefined)
  }

  private get trouble(): Trouble {
    const { streamerId, log } = this.options
    return troubleWith(`The streamer '${streamerId}'`, log)
  }

  private ask(): Promise<void> {
    this.asking ??= this.askNow().finally(() => (this.asking = undefined))
    return this.asking
  }

  private async askNow(): Promise<void> {
    if (this.stopped) return
    const { connector, topics, owner, onBefore } = this.options
    const asked = new Stopwatch()
    try {
      const { before } = await connector.ownGroup(topics, owner)
      this.held = asked
      this.wasHeld = true
      await onBefore(before)
    } catch (thrown) {
      if (isStreamerError(thrown, 'GROUP_OWNED')) this.held = undefined
      throw thrown
    }
  }
}
