import { SLOTS } from '../../state'
import type { StateStore } from '../../state'

/** What slot leases need to know. */
export interface SlotLeaseOptions {
  readonly state: StateStore
  readonly address: string
  readonly owner: string
  /** How long a lease lasts unrenewed, in milliseconds. */
  readonly leaseMs: number
  readonly now: () => number
}

/**
 * Shares the slots of an address among the relays that are alive, so that each entity's events leave through one of them at a
 * time. A relay asks before each batch; what it does not renew in time passes to the others.
 */
export class SlotLeases {
  private held: readonly number[] = []
  private renewedAt = Number.NEGATIVE_INFINITY
  private readonly prefix: string

  public constructor(private readonly options: SlotLeaseOptions) {
    this.prefix = `relay:${options.address}`
  }

  /** The slots held now. Renews and rebalances when a third of the lease has passed; rejects when the state fails. */
  public async current(): Promise<readonly number[]> {
    const now = this.options.now()
    // A clock that was set back says nothing of when they were renewed.
    if (now >= this.renewedAt && now < this.renewedAt + this.options.leaseMs / 3) return this.held
    const { state, owner, leaseMs } = this.options
    await state.lease([`${this.prefix}#member:${owner}`], { owner, now, leaseMs })
    const holders = await state.leaseHolders(`${this.prefix}#`, now)
    const fair = Math.ceil(SLOTS / Math.max(1, [...holders.keys()].filter((name) => name.includes('#member:')).length))
    await this.giveBack(this.held.slice(fair))
    const keep = this.held.slice(0, fair)
    const free = slots().filter((slot) => !keep.includes(slot) && !holders.has(this.nameOf(slot)))
    const wanted = [...keep, ...free].slice(0, fair)
    const names = await state.lease(
      wanted.map((slot) => this.nameOf(slot)),
      { owner, now, leaseMs }
    )
    this.held = wanted.filter((slot) => names.includes(this.nameOf(slot)))
    this.renewedAt = now
    return this.held
  }

  /** Gives everything back, so that others need not wait. */
  public async release(): Promise<void> {
    await this.giveBack(this.held)
    await this.options.state.release([`${this.prefix}#member:${this.options.owner}`], this.options.owner)
    this.held = []
    this.renewedAt = Number.NEGATIVE_INFINITY
  }

  private async giveBack(surplus: readonly number[]): Promise<void> {
    if (surplus.length === 0) return
    await this.options.state.release(
      surplus.map((slot) => this.nameOf(slot)),
      this.options.owner
    )
  }

  private nameOf(slot: number): string {
    return `${this.prefix}#slot:${slot}`
  }
}

function slots(): number[] {
  return Array.from({ length: SLOTS }, (_, slot) => slot)
}
