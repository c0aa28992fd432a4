import { UUID } from '@boostercloud/framework-types'

/** A parcel with an order has left the warehouse. */
export class OrderShipped {
  public constructor(
    readonly orderId: UUID,
    readonly trackingCode: string,
    readonly shippedAt: Date
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
