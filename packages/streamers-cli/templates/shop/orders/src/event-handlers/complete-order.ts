import { OrderShipped } from '@shop/contract'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { OrderCompleted } from '../events/order-completed'

@EventHandler({ eventType: OrderShipped, streamedFrom: streamer('main', 'shipments') })
export class CompleteOrder {
  public static async handle(event: OrderShipped, register: Register): Promise<void> {
    register.events(new OrderCompleted(event.orderId, event.trackingCode))
  }
}
