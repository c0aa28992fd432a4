import { UUID } from '@boostercloud/framework-types'

/** The courier has brought a parcel to where it was ordered. */
export class ParcelDelivered {
  public constructor(
    readonly orderId: UUID,
    readonly town: string
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
