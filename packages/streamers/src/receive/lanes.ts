import type { LaneId, ParkedLane } from '../state'
import { BatchLane } from './batch-lane'
import { Lane } from './lane'
import type { Delivery } from './delivery'
import { laneKey } from './identity'
import type { LaneSurroundings } from './lane-surroundings'
import type { Link } from './link'

/** All lanes of one address: made when something comes for them, gone when they are idle. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>()
  private readonly batches = new Map<string, BatchLane>()
  private paused: ReadonlySet<string> = new Set()
  private readonly around: LaneSurroundings

  public constructor(around: Omit<LaneSurroundings, 'isPaused'>) {
    this.around = { ...around, isPaused: (handler) => this.paused.has(handler) }
  }

  /**
   * Takes up what is parked; may be called again when that was changed from outside. What belongs to a handler that is gone stays
   * where it is; what belongs to one that is paused waits.
   */
  public load(parked: readonly ParkedLane[], links: readonly Link[], paused: ReadonlySet<string>): void {
    this.paused = paused
    for (const lane of parked) {
      const link = links.find(({ handler }) => handler === lane.handler)
      if (link) this.lane(link, lane).reload(lane.parked)
    }
    // What was parked on the others may have been taken away.
    for (const lane of this.all) lane.look()
  }

  /** The service stops: nothing waits for its turn any more. */
  public stop(): void {
    for (const lane of this.all) lane.look()
  }

  /** Whether a delivery must queue in the park, as far as can be said now, and so need not be claimed. */
  public isParked(delivery: Delivery): boolean {
    return this.paused.has(delivery.link.handler) || (this.lanes.get(nameOf(idOf(delivery)))?.isParked ?? false)
  }

  /** Hands an event to its lane, behind those handed over before. Returns at once. */
  public accept(delivery: Delivery): void {
    if (delivery.link.batchSize === undefined) this.acceptAlone(delivery)
    else this.batch(delivery.link).accept(delivery)
  }

  /** How many wait in memory behind parked events, or for a limit of their handler where others of the address need not. */
  public get waiting(): number {
    let waiting = 0
    for (const lane of this.all) waiting += lane.waiting
    return waiting
  }

  /** Parks these. Returns at once. */
  public parkWaiting(): void {
    for (const batch of this.batches.values()) batch.handOver()
    for (const lane of this.lanes.values()) lane.parkWaiting()
  }

  /** Hands back those that wait and were not begun. */
  public withdraw(isMeant: (delivery: Delivery) => boolean): Delivery[] {
    return this.all.flatMap((lane) => lane.withdraw(isMeant))
  }

  /** Whether the claim of a delivery is needed for another run of its event, and so must not be given back. */
  public keepsClaim(delivery: Delivery): boolean {
    return this.lanes.get(nameOf(idOf(delivery)))?.keepsClaim(delivery.identity) ?? false
  }

  /** Resolves when no handler runs. */
  public async quiet(): Promise<void> {
    await Promise.all(this.all.map((lane) => lane.quiet()))
  }

  private get all(): (BatchLane | Lane)[] {
    return [...this.batches.values(), ...this.lanes.values()]
  }

  private acceptAlone(delivery: Delivery, late?: Promise<void>): void {
    const lane = this.lane(delivery.link, idOf(delivery))
    if (late) lane.waitFor(late)
    lane.accept(delivery)
  }

  private batch(link: Link): BatchLane {
    const known = this.batches.get(link.handler)
    if (known) return known
    const keys = {
      isBusy: (delivery: Delivery) => this.lanes.has(nameOf(idOf(delivery))),
      acceptAlone: (delivery: Delivery, late?: Promise<void>) => this.acceptAlone(delivery, late),
    }
    const batch = new BatchLane(link, keys, this.around)
    this.batches.set(link.handler, batch)
    return batch
  }

  private lane(link: Link, id: LaneId): Lane {
    const name = nameOf(id)
    const known = this.lanes.get(name)
    if (known) return known
    const lane: Lane = new Lane(link, id, this.around, () => {
      if (this.lanes.get(name) === lane) this.lanes.delete(name)
    })
    this.lanes.set(name, lane)
    return lane
  }
}

function idOf({ link, event, identity }: Delivery): LaneId {
  const { address, handler } = link
  const key = laneKey(event)
  return key === undefined ? { address, handler, ...identity } : { address, handler, key }
}

function nameOf({ handler, key, source, id }: LaneId): string {
  return JSON.stringify(key === undefined ? [handler, source, id] : [handler, key])
}
