import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Dish } from '../entities/dish'

@ReadModel({ authorize: 'all' })
export class DishReadModel {
  public constructor(
    readonly id: UUID,
    readonly table: number,
    readonly plate: string,
    readonly timesMade: number
  ) {}

  @Projects(Dish, 'id')
  public static fromDish({ id, table, plate, timesMade }: Dish): ProjectionResult<DishReadModel> {
    return new DishReadModel(id, table, plate, timesMade)
  }
}
