import type { Contender } from './measure/contender'

/** Every system that is measured, loaded only where it is: what another needs is not in its memory. */
const CONTENDERS = {
  'kafka/kafkajs': async () => (await import('./kafka/kafkajs')).kafkajs,
  'kafka/connector': async () => (await import('./kafka/connector')).connector,
  'kafka/streamers': async () => (await import('./kafka/streamers')).oneByOne,
  'kafka/streamers-batch': async () => (await import('./kafka/streamers')).inBatches,
  'kafka/nestjs-emit': async () => (await import('./kafka/nestjs')).emit,
  'kafka/nestjs-emit-batch': async () => (await import('./kafka/nestjs')).emitBatch,
  'kafka/moleculer': async () => (await import('./kafka/moleculer')).moleculer,
} as const satisfies Readonly<Record<string, () => Promise<Contender>>>

/** The name of a system that is measured. */
export type SystemName = keyof typeof CONTENDERS

/** A system by its name. */
export function contenderNamed(name: string): Promise<Contender> {
  return CONTENDERS[name as SystemName]()
}
