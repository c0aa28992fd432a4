import { OrderPlaced } from '@restaurant/contract'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { DishReady } from '../events/dish-ready'

@EventHandler({ eventType: OrderPlaced, streamedFrom: streamer('main', 'orders') })
export class CookOrder {
  public static async handle({ orderId, table, dish, guest, note }: OrderPlaced, register: Register): Promise<void> {
    const plate = note ? `${dish} (${note})` : dish
    register.events(new DishReady(orderId, table, `${plate} for ${guest}`))
  }
}
