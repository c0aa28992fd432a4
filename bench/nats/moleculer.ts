import { moleculerOn } from '../peers/moleculer'
import { AHEAD } from './settings'

/** moleculer on JetStream, with a stream of its own. */
export const moleculer = moleculerOn({
  adapter: ({ broker }) => {
    const { host: servers, username: user, password: pass } = new URL(`nats://${broker}`)
    return { type: 'NATS', options: { nats: { connectionOptions: { servers, user, pass } } } }
  },
  channel: { maxInFlight: AHEAD },
  nameOf: (topic) => `${topic}-channel`,
})
