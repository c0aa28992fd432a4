export type { KafkaKeyCodec } from './key-codec'
export { KafkaStreamer } from './kafka-streamer'
export type {
  KafkaConsumerOptions,
  KafkaProducerOptions,
  KafkaSasl,
  KafkaStreamerOptions,
  KafkaTls,
  KafkaTopic,
} from './options'
