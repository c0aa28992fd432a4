import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Order } from '../entities/order'

@ReadModel({ authorize: 'all' })
export class OrderReadModel {
  public constructor(
    readonly id: UUID,
    readonly product: string,
    readonly quantity: number,
    readonly trackingCode?: string
  ) {}

  @Projects(Order, 'id')
  public static fromOrder({ id, product, quantity, trackingCode }: Order): ProjectionResult<OrderReadModel> {
    return new OrderReadModel(id, product, quantity, trackingCode)
  }
}
