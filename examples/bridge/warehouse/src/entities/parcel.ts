import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { OrderPacked } from '../events/order-packed'

/** Packed once, unless something is wrong. */
@Entity
export class Parcel {
  public constructor(
    readonly id: UUID,
    readonly grams: number,
    readonly timesPacked: number
  ) {}

  @Reduces(OrderPacked)
  public static onPacked({ orderId, grams }: OrderPacked, current?: Parcel): Parcel {
    return new Parcel(orderId, grams, (current?.timesPacked ?? 0) + 1)
  }
}
