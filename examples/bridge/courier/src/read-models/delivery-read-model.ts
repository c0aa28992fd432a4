import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Delivery } from '../entities/delivery'

@ReadModel({ authorize: 'all' })
export class DeliveryReadModel {
  public constructor(
    readonly id: UUID,
    readonly town: string,
    readonly timesDelivered: number
  ) {}

  @Projects(Delivery, 'id')
  public static fromDelivery({ id, town, timesDelivered }: Delivery): ProjectionResult<DeliveryReadModel> {
    return new DeliveryReadModel(id, town, timesDelivered)
  }
}
