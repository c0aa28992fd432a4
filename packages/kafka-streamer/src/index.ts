export { KafkaStreamer } from './kafka-streamer'
export type {
  KafkaConsumerOptions,
  KafkaKeyCodec,
  KafkaProducerOptions,
  KafkaSasl,
  KafkaStreamerOptions,
  KafkaTls,
  KafkaTopic,
} from './options'
