import { UUID } from '@boostercloud/framework-types'

/** A guest has ordered a dish. */
export class OrderPlaced {
  public constructor(
    readonly orderId: UUID,
    readonly table: number,
    readonly dish: string,
    readonly guest: string,
    readonly note?: string
  ) {}

  public entityID(): UUID {
    return this.orderId
  }
}
