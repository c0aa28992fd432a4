export type { RabbitMQStreamerOptions, RabbitMQTls, RabbitMQTopic } from './options'
export { RabbitMQStreamer } from './rabbitmq-streamer'
