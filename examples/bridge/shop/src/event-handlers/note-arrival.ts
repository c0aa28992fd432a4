import { ParcelDelivered } from '@bridge/contracts'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { OrderArrived } from '../events/order-arrived'

@EventHandler({ eventType: ParcelDelivered, streamedFrom: streamer('nats', 'deliveries') })
export class NoteArrival {
  public static async handle({ orderId }: ParcelDelivered, register: Register): Promise<void> {
    register.events(new OrderArrived(orderId))
  }
}
