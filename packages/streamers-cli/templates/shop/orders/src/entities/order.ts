import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { OrderCompleted } from '../events/order-completed'
import { OrderPlaced } from '../events/order-placed'

@Entity
export class Order {
  public constructor(
    readonly id: UUID,
    readonly product: string,
    readonly quantity: number,
    readonly trackingCode?: string
  ) {}

  @Reduces(OrderPlaced)
  public static onPlaced(event: OrderPlaced): Order {
    return new Order(event.orderId, event.product, event.quantity)
  }

  @Reduces(OrderCompleted)
  public static onCompleted(event: OrderCompleted, order?: Order): Order {
    return new Order(event.orderId, order?.product ?? '', order?.quantity ?? 0, event.trackingCode)
  }
}
