import type { OrderPacked } from './order-packed'
import type { OrderPlaced } from './order-placed'
import type { ParcelDelivered } from './parcel-delivered'

/** What the topics of each broker carry. A service declares those of the brokers that it uses, and has no others. */
export interface KafkaTopics {
  orders: OrderPlaced
}

export interface RabbitMQTopics {
  parcels: OrderPacked
}

export interface NatsTopics {
  deliveries: ParcelDelivered
}
