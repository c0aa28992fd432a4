import { DishReady } from '@restaurant/contract'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { DishServed } from '../events/dish-served'

@EventHandler({ eventType: DishReady, streamedFrom: streamer('main', 'dishes') })
export class ServeDish {
  public static async handle({ orderId, plate }: DishReady, register: Register): Promise<void> {
    register.events(new DishServed(orderId, plate))
  }
}
