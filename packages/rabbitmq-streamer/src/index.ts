export { RabbitMQStreamer } from './rabbitmq-streamer'
export type { RabbitMQStreamerOptions, RabbitMQTls, RabbitMQTopic } from './options'
