import { UUID } from '@boostercloud/framework-types'

/** The kitchen has made a dish, and a waiter can bring it. */
export class DishReady {
  public constructor(
    readonly orderId: UUID,
    readonly table: number,
    readonly plate: string
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
