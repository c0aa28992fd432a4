export { OrderPacked } from './order-packed'
export { OrderPlaced } from './order-placed'
export { ParcelDelivered } from './parcel-delivered'
export type { KafkaTopics, NatsTopics, RabbitMQTopics } from './topics'
