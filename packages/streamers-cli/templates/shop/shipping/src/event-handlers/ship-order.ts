import { OrderPlaced } from '@shop/contract'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { OrderShipped } from '../events/order-shipped'

@EventHandler({ eventType: OrderPlaced, streamedFrom: streamer('main', 'orders') })
export class ShipOrder {
  public static async handle(event: OrderPlaced, register: Register): Promise<void> {
    const trackingCode = `PARCEL-${event.orderId}`
    register.events(new OrderShipped(event.orderId, trackingCode, new Date()))
  }
}
