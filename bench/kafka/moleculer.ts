import { moleculerOn } from '../peers/moleculer'
import { ACKS, PARTITIONS } from './settings'

/** moleculer on Kafka. Partitions are read concurrently. */
export const moleculer = moleculerOn({
  adapter: ({ broker }) => ({ type: 'Kafka', options: { kafka: { brokers: [broker] } } }),
  channel: { kafka: { fromBeginning: true, partitionsConsumedConcurrently: PARTITIONS } },
  sending: ({ entity }) => ({ key: entity, acks: ACKS }),
})
