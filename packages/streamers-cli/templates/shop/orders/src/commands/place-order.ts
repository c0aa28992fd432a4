import { Command } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { OrderPlaced } from '../events/order-placed'

@Command({ authorize: 'all' })
export class PlaceOrder {
  public constructor(
    readonly product: string,
    readonly quantity: number
  ) {}

  public static async handle(command: PlaceOrder, register: Register): Promise<string> {
    const orderId = UUID.generate()
    register.events(new OrderPlaced(orderId, command.product, command.quantity))
    return orderId.toString()
  }
}
