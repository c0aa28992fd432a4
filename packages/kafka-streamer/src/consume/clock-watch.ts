import { StreamerError } from '@boostercloud/streamer-connector'

/** Set back by less, a clock only delays a heartbeat a little; milliseconds. */
const NOTICED_MS = 2_000
const LOOK_EVERY_MS = 1_000

/** Where the watch reads; for tests. */
export interface ClockReadings {
  /** The machine's clock, in milliseconds. Default: `Date.now`. */
  readonly now?: () => number
  /** Milliseconds of a clock that nobody sets. Default: `performance.now`. */
  readonly passed?: () => number
}

/**
 * Tells when the machine's clock is set back. kafkajs goes by it: a consumer whose last heartbeat was at a time that is still to come sends none
 * until then, nor does it look for new partitions, and is put out of its group.
 */
export class ClockWatch {
  private readonly offset: () => number
  private known: number
  private readonly timer: NodeJS.Timeout

  public constructor(
    private readonly onSetBack: (byMs: number) => void,
    { now = () => Date.now(), passed = () => performance.now() }: ClockReadings = {}
  ) {
    this.offset = () => now() - passed()
    this.known = this.offset()
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref()
  }

  /** Looks now; it looks by itself every second. */
  public look(): void {
    const offset = this.offset()
    const byMs = this.known - offset
    this.known = offset
    if (byMs > NOTICED_MS) this.onSetBack(byMs)
  }

  public stop(): void {
    clearInterval(this.timer)
  }
}

/** Why a consumer is begun anew. */
export function clockSetBack(byMs: number, groupId: string): StreamerError {
  return new StreamerError('STREAMER_UNAVAILABLE', `The machine's clock was set back by ${Math.round(byMs)} ms.`, {
    at: `group ${groupId}`,
    hint: 'No action is needed. The service joins its group again.',
    retryable: true,
  })
}
