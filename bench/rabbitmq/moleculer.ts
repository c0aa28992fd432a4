import { moleculerOn } from '../peers/moleculer'
import { PREFETCH, QUORUM } from './settings'

/** moleculer on RabbitMQ. It publishes without confirms, and rejects where events wait for the socket, which they reach all the same. */
export const moleculer = moleculerOn({
  adapter: ({ broker }) => ({
    type: 'AMQP',
    options: { amqp: { url: `amqp://${broker}`, queueOptions: QUORUM }, maxInFlight: PREFETCH },
  }),
  sending: () => ({ persistent: true }),
  isSent: ({ message }) => message === 'AMQP publish error. Write buffer is full.',
  nameOf: (topic) => `${topic}-channel`,
})
