import { Command, Entity, Event, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, Register, UUID } from '@boostercloud/framework-types'

@Event
export class Ordered {
  public constructor(
    readonly orderId: UUID,
    readonly city: string,
    readonly price: number
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}

@Entity
export class Order {
  public constructor(
    readonly id: UUID,
    readonly city: string,
    readonly total: number
  ) {}

  @Reduces(Ordered)
  public static ordered({ orderId, city, price }: Ordered, current?: Order): Order {
    return new Order(orderId, city, (current?.total ?? 0) + price)
  }
}

@ReadModel({ authorize: 'all' })
export class OrderView {
  public constructor(
    readonly id: UUID,
    readonly customer: Record<string, string>,
    readonly total: number
  ) {}

  @Projects(Order, 'id')
  public static ofOrder({ id, city, total }: Order): ProjectionResult<OrderView> {
    return new OrderView(id, { city }, total)
  }
}

@Command({ authorize: 'all' })
export class PlaceOrder {
  public constructor(
    readonly orderId: UUID,
    readonly city: string,
    readonly price: number
  ) {}

  public static async handle({ orderId, city, price }: PlaceOrder, register: Register): Promise<void> {
    register.events(new Ordered(orderId, city, price))
  }
}
