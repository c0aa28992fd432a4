import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'

/** A waiter has brought a dish. Stays in this service. */
@Event
export class DishServed {
  public constructor(
    readonly orderId: UUID,
    readonly plate: string
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
