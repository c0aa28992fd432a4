import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { ParcelDelivered } from '../events/parcel-delivered'

/** Made once, unless something is wrong. */
@Entity
export class Delivery {
  public constructor(
    readonly id: UUID,
    readonly town: string,
    readonly timesDelivered: number
  ) {}

  @Reduces(ParcelDelivered)
  public static onDelivered({ orderId, town }: ParcelDelivered, current?: Delivery): Delivery {
    return new Delivery(orderId, town, (current?.timesDelivered ?? 0) + 1)
  }
}
