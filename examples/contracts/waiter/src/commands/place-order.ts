import { Command } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { OrderPlaced } from '../events/order-placed'

@Command({ authorize: 'all' })
export class PlaceOrder {
  public constructor(
    readonly table: number,
    readonly dish: string,
    readonly guest: string,
    readonly note?: string
  ) {}

  public static async handle({ table, dish, guest, note }: PlaceOrder, register: Register): Promise<string> {
    const orderId = UUID.generate()
    register.events(new OrderPlaced(orderId, table, dish, guest, note))
    return orderId.toString()
  }
}
