import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { DishServed } from '../events/dish-served'
import { OrderPlaced } from '../events/order-placed'

/** Served once, unless something is wrong. */
@Entity
export class Order {
  public constructor(
    readonly id: UUID,
    readonly dish: string,
    readonly plate: string,
    readonly timesServed: number
  ) {}

  @Reduces(OrderPlaced)
  public static onPlaced({ orderId, dish }: OrderPlaced): Order {
    return new Order(orderId, dish, '', 0)
  }

  @Reduces(DishServed)
  public static onServed({ orderId, plate }: DishServed, current?: Order): Order {
    return new Order(orderId, current?.dish ?? 'unknown', plate, (current?.timesServed ?? 0) + 1)
  }
}
