export { NatsStreamer } from './nats-streamer'
export type { NatsRetention, NatsStreamerOptions, NatsTls, NatsTopic } from './options'
