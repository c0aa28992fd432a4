import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { OrderShipped } from '../events/order-shipped'

@Entity
export class Shipment {
  public constructor(
    readonly id: UUID,
    readonly trackingCode: string
  ) {}

  @Reduces(OrderShipped)
  public static onShipped(event: OrderShipped): Shipment {
    return new Shipment(event.orderId, event.trackingCode)
  }
}
