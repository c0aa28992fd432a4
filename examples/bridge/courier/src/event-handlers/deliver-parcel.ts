import { OrderPacked } from '@bridge/contracts'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { ParcelDelivered } from '../events/parcel-delivered'

@EventHandler({ eventType: OrderPacked, streamedFrom: streamer('rabbitmq', 'parcels') })
export class DeliverParcel {
  public static async handle({ orderId, town }: OrderPacked, register: Register): Promise<void> {
    register.events(new ParcelDelivered(orderId, town))
  }
}
