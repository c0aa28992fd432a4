import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'

/** What the shop keeps of a delivery. Stays in the shop. */
@Event
export class OrderArrived {
  public constructor(readonly orderId: UUID) {}

  public entityID(): UUID {
    return this.orderId
  }
}
