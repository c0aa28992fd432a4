import { takeFrom } from './delivery'
import type { Delivery } from './delivery'
import { laneKey } from './identity'
import type { LaneSurroundings } from './lane-surroundings'
import { Stopped } from './stopped'
import type { Work } from './attempt'
import type { Link } from './link'
import { LaneTurn, isLimited } from './turns'
import { evenNow } from '../timing'

/** Milliseconds until a lane looks again at what another state may have. */
const ELSEWHERE_MS = 200
/** Milliseconds after which what waits behind a batch that still runs counts as held up. */
const LONG_BATCH_MS = 5_000

/** What a batch lane asks of the lanes of its link's keys. */
export interface KeyLanes {
  /** Whether something of the delivery's key is under way or parked. */
  isBusy(delivery: Delivery): boolean
  /** Hands a delivery to the lane of its key, to be handled alone; not before `late`, where a run with it was given up on and goes on. */
  acceptAlone(delivery: Delivery, late?: Promise<void>): void
}

/**
 * All keys of a link whose handler takes several events at once. What belongs to a key that is busy, and the events of a batch that
 * failed, go to the lanes of their keys and are handled there one by one, so that one bad event holds back only its own key.
 */
export class BatchLane {
  private readonly queue: Delivery[] = []
  /** The batch that runs. */
  private running?: { readonly since: number; readonly keys: ReadonlySet<string | undefined> }
  private pumping?: Promise<void>
  private timer?: NodeJS.Timeout
  private readonly turn: LaneTurn

  public constructor(
    private readonly link: Link,
    private readonly keys: KeyLanes,
    private readonly around: LaneSurroundings
  ) {
    this.turn = new LaneTurn(link, around)
  }

  /** Takes an event, behind those taken before. Returns at once. */
  public accept(delivery: Delivery): void {
    this.queue.push(delivery)
    this.pump()
  }

  /** How many wait for a limit of their handler where others of the address need not. */
  public get waiting(): number {
    const isLong = this.running !== undefined && evenNow() - this.running.since >= LONG_BATCH_MS
    const isHeldUp = (this.turn.isAwaited || isLong) && this.around.isShared && isLimited(this.link)
    return isHeldUp ? this.queue.length : 0
  }

  /** Hands those that wait to the lanes of their keys, which can park them. What follows an event of the batch that runs stays. Returns at once. */
  public handOver(): void {
    if (this.waiting === 0 || this.around.stopped.aborted) return
    const follows = ({ event }: Delivery): boolean => {
      const key = laneKey(event)
      return key !== undefined && (this.running?.keys.has(key) ?? false)
    }
    for (const delivery of takeFrom(this.queue, (one) => !follows(one))) this.keys.acceptAlone(delivery)
    this.turn.cancel()
  }

  /** Hands back those that wait and were not begun. */
  public withdraw(isMeant: (delivery: Delivery) => boolean): Delivery[] {
    const taken = takeFrom(this.queue, isMeant)
    if (this.queue.length === 0) this.turn.cancel()
    return taken
  }

  /** Takes note of a link that is paused, and of a service that stops: then nothing waits for its turn. */
  public look(): void {
    if (this.around.stopped.aborted || this.isPaused) this.turn.cancel()
  }

  /** Resolves when nothing is running. */
  public async quiet(): Promise<void> {
    clearTimeout(this.timer)
    while (this.pumping) await this.pumping
  }

  private pump(): void {
    this.pumping ??= this.work()
      .catch((error: unknown) => {
        if (!(error instanceof Stopped)) this.around.log.error(`A batch of ${this.link.handler} failed.`, error)
      })
      .finally(() => {
        this.pumping = undefined
        this.turn.over()
        // Handed over after the last look at the queue, while the end of the work was not known yet.
        if (this.mayGoOn) this.pump()
        else if (this.queue.length > 0 && !this.around.stopped.aborted)
          this.timer = setTimeout(() => this.pump(), ELSEWHERE_MS)
      })
  }

  private get mayGoOn(): boolean {
    return this.queue.length > 0 && !this.around.stopped.aborted && this.around.isOurs()
  }

  private get isPaused(): boolean {
    return this.around.isPaused(this.link.handler)
  }

  private get atOnce(): number {
    return Math.min(this.link.batchSize ?? 1, this.around.state.largestBatch ?? Infinity)
  }

  private async work(): Promise<void> {
    // What one poll brings is accepted in one turn: the first batch waits for it.
    await Promise.resolve()
    while (this.mayGoOn) {
      if (!this.isPaused && !this.turn.take()) {
        await this.turn.wait()
        continue
      }
      const together: Delivery[] = []
      for (const delivery of this.queue.splice(0, this.atOnce)) {
        if (!this.isPaused && isUnsuspected(delivery) && !this.keys.isBusy(delivery)) together.push(delivery)
        else this.keys.acceptAlone(delivery)
      }
      if (together.length > 0) await this.handle(together)
      this.turn.over()
    }
  }

  private async handle(deliveries: readonly Delivery[]): Promise<void> {
    const works = deliveries.map(({ link, request, event }): Work => ({ link, request, event, withFinish: [] }))
    this.running = { since: evenNow(), keys: new Set(deliveries.map(({ event }) => laneKey(event))) }
    const { failure, unstored } = await this.around.attempts
      .attemptBatch(works, this.turn.now)
      .finally(() => (this.running = undefined))
    if (failure) {
      for (const delivery of deliveries) this.keys.acceptAlone(delivery, failure.late)
      return
    }
    const [first, ...others] = deliveries
    for (const delivery of unstored ? others : deliveries) this.settle(delivery)
    if (unstored)
      this.keys.acceptAlone({ ...first, claimed: { claim: { state: 'outcome', outcome: unstored }, at: evenNow() } })
  }

  private settle({ link, event, settled }: Delivery): void {
    settled()
    this.around.observe.handled(link, event)
  }
}

/** Whether it is claimed, and no process has ended with it. */
function isUnsuspected({ claimed }: Delivery): boolean {
  return claimed?.claim.state === 'claimed' && claimed.claim.suspicion === undefined
}
