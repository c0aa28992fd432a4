import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Order } from '../entities/order'

@ReadModel({ authorize: 'all' })
export class OrderReadModel {
  public constructor(
    readonly id: UUID,
    readonly item: string,
    readonly timesArrived: number
  ) {}

  @Projects(Order, 'id')
  public static fromOrder({ id, item, timesArrived }: Order): ProjectionResult<OrderReadModel> {
    return new OrderReadModel(id, item, timesArrived)
  }
}
