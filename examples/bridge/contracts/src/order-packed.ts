import { UUID } from '@boostercloud/framework-types'

/** The warehouse has made a parcel of an order. */
export class OrderPacked {
  public constructor(
    readonly orderId: UUID,
    readonly item: string,
    readonly town: string,
    readonly grams: number
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
