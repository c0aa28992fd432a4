import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Order } from '../entities/order'

@ReadModel({ authorize: 'all' })
export class OrderReadModel {
  public constructor(
    readonly id: UUID,
    readonly dish: string,
    readonly plate: string,
    readonly timesServed: number
  ) {}

  @Projects(Order, 'id')
  public static fromOrder({ id, dish, plate, timesServed }: Order): ProjectionResult<OrderReadModel> {
    return new OrderReadModel(id, dish, plate, timesServed)
  }
}
