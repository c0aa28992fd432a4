import { UUID } from '@boostercloud/framework-types'

/** A customer has placed an order. */
export class OrderPlaced {
  public constructor(
    readonly orderId: UUID,
    readonly product: string,
    readonly quantity: number
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
