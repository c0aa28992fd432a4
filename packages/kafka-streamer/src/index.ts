export { KafkaStreamer } from './kafka-streamer'
export type {
  KafkaConsumerOptions,
  KafkaProducerOptions,
  KafkaSasl,
  KafkaStreamerOptions,
  KafkaTls,
  KafkaTopic,
} from './options'
