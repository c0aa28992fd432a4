import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { OrderArrived } from '../events/order-arrived'
import { OrderPlaced } from '../events/order-placed'

/** Arrives once, unless something is wrong. */
@Entity
export class Order {
  public constructor(
    readonly id: UUID,
    readonly item: string,
    readonly timesArrived: number
  ) {}

  @Reduces(OrderPlaced)
  public static onPlaced({ orderId, item }: OrderPlaced): Order {
    return new Order(orderId, item, 0)
  }

  @Reduces(OrderArrived)
  public static onArrived({ orderId }: OrderArrived, current?: Order): Order {
    return new Order(orderId, current?.item ?? 'unknown', (current?.timesArrived ?? 0) + 1)
  }
}
