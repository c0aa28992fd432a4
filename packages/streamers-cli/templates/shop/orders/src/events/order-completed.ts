import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'

/** The order is on its way. This event stays in this service. */
@Event
export class OrderCompleted {
  public constructor(
    readonly orderId: UUID,
    readonly trackingCode: string
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
