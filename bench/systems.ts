import type { Contender } from './measure/contender'

/** Every system that is measured, loaded only where it is: what another needs is not in its memory. */
const CONTENDERS = {
  'kafka/kafkajs': async () => (await import('./kafka/kafkajs')).kafkajs,
  'kafka/connector': async () => (await import('./kafka/streamers')).connector,
  'kafka/streamers': async () => (await import('./kafka/streamers')).oneByOne,
  'kafka/streamers-batch': async () => (await import('./kafka/streamers')).inBatches,
  'kafka/nestjs-emit': async () => (await import('./kafka/nestjs')).emit,
  'kafka/nestjs-emit-batch': async () => (await import('./kafka/nestjs')).emitBatch,
  'kafka/moleculer': async () => (await import('./kafka/moleculer')).moleculer,
  'rabbitmq/amqplib': async () => (await import('./rabbitmq/amqplib')).amqplib,
  'rabbitmq/connector': async () => (await import('./rabbitmq/streamers')).connector,
  'rabbitmq/streamers': async () => (await import('./rabbitmq/streamers')).oneByOne,
  'rabbitmq/streamers-batch': async () => (await import('./rabbitmq/streamers')).inBatches,
  'rabbitmq/nestjs': async () => (await import('./rabbitmq/nestjs')).nestjs,
  'rabbitmq/moleculer': async () => (await import('./rabbitmq/moleculer')).moleculer,
  'nats/jetstream': async () => (await import('./nats/jetstream')).ordered,
  'nats/jetstream-durable': async () => (await import('./nats/jetstream')).durable,
  'nats/connector': async () => (await import('./nats/streamers')).connector,
  'nats/streamers': async () => (await import('./nats/streamers')).oneByOne,
  'nats/streamers-batch': async () => (await import('./nats/streamers')).inBatches,
  'nats/moleculer': async () => (await import('./nats/moleculer')).moleculer,
} as const satisfies Readonly<Record<string, () => Promise<Contender>>>

/** The name of a system that is measured. */
export type SystemName = keyof typeof CONTENDERS

/** A system by its name. */
export function contenderNamed(name: string): Promise<Contender> {
  return CONTENDERS[name as SystemName]()
}
