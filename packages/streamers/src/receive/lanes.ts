import type { LaneId, ParkedLane } from '../state'
import { Lane } from './lane'
import type { Delivery, LaneSurroundings } from './lane'
import type { Link } from './link'

/** All lanes of one address: made when something comes for them, gone when they are idle. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>()

  public constructor(private readonly around: LaneSurroundings) {}

  /** Takes up what was parked before. What belongs to a handler that is gone stays where it is. */
  public load(parked: readonly ParkedLane[], links: readonly Link[]): void {
    for (const lane of parked) {
      const link = links.find(({ handler }) => handler === lane.handler)
      if (link) this.lane(link, lane, lane.parked).pump()
    }
  }

  /** Whether a delivery must queue in the park. */
  public isParked(delivery: Omit<Delivery, 'claim'>): boolean {
    return this.lanes.get(nameOf(idOf(delivery)))?.isParked ?? false
  }

  /** Hands a claimed event to its lane. */
  public accept(delivery: Delivery): void {
    this.lane(delivery.link, idOf(delivery), 0).accept(delivery)
  }

  /** Parks events behind what is parked on their lanes. Resolves when they are durably there. */
  public async follow(deliveries: readonly Omit<Delivery, 'claim'>[]): Promise<void> {
    const byLane = new Map<Lane, Omit<Delivery, 'claim'>[]>()
    for (const delivery of deliveries) {
      const lane = this.lane(delivery.link, idOf(delivery), 0)
      byLane.set(lane, [...(byLane.get(lane) ?? []), delivery])
    }
    await Promise.all([...byLane].map(([lane, followers]) => lane.follow(followers)))
  }

  /** Resolves when no handler runs. */
  public async quiet(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.quiet()))
  }

  private lane(link: Link, id: LaneId, parked: number): Lane {
    const name = nameOf(id)
    const known = this.lanes.get(name)
    if (known) return known
    const lane = new Lane(link, id, parked, this.around, () => this.lanes.delete(name))
    this.lanes.set(name, lane)
    return lane
  }
}

function idOf({ link, event, identity }: Omit<Delivery, 'claim'>): LaneId {
  const { address, handler } = link
  const key = event.metadata?.key
  return key === undefined ? { address, handler, ...identity } : { address, handler, key }
}

function nameOf({ handler, key, source, id }: LaneId): string {
  return JSON.stringify(key === undefined ? [handler, source, id] : [handler, key])
}
