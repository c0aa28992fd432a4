import { OrderPlaced } from '@bridge/contracts'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { OrderPacked } from '../events/order-packed'

const GRAMS_OF_A_LETTER = 20

@EventHandler({ eventType: OrderPlaced, streamedFrom: streamer('kafka', 'orders') })
export class PackOrder {
  public static async handle({ orderId, item, town }: OrderPlaced, register: Register): Promise<void> {
    register.events(new OrderPacked(orderId, item, town, item.length * GRAMS_OF_A_LETTER))
  }
}
