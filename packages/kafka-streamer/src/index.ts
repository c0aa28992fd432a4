export { KafkaStreamer } from './kafka-streamer'
export type {
  KafkaConsumerOptions,
  KafkaKeyCodec,
  KafkaProducerOptions,
  KafkaSasl,
  KafkaSaslProvider,
  KafkaStreamerOptions,
  KafkaTls,
  KafkaTopic,
} from './options'
