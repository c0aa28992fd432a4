import { Command } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { OrderPlaced } from '../events/order-placed'

@Command({ authorize: 'all' })
export class PlaceOrder {
  public constructor(
    readonly item: string,
    readonly town: string
  ) {}

  public static async handle({ item, town }: PlaceOrder, register: Register): Promise<string> {
    const orderId = UUID.generate()
    register.events(new OrderPlaced(orderId, item, town))
    return orderId.toString()
  }
}
