import { UUID } from '@boostercloud/framework-types'

/** Somebody has ordered something in the shop. */
export class OrderPlaced {
  public constructor(
    readonly orderId: UUID,
    readonly item: string,
    readonly town: string
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
