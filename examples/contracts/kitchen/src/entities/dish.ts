import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { DishReady } from '../events/dish-ready'

/** Made once, unless something is wrong. */
@Entity
export class Dish {
  public constructor(
    readonly id: UUID,
    readonly table: number,
    readonly plate: string,
    readonly timesMade: number
  ) {}

  @Reduces(DishReady)
  public static onReady({ orderId, table, plate }: DishReady, current?: Dish): Dish {
    return new Dish(orderId, table, plate, (current?.timesMade ?? 0) + 1)
  }
}
