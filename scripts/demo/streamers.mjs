import { pythonService } from '../heterogeneous/python.mjs'
import { ToolMissing } from '../heterogeneous/tools.mjs'
import { makeQueues } from './queues.mjs'
import { makeTopics } from './topics.mjs'

/**
 * What `--streamer` can name.
 *
 * - `environment`: Booster's, whose part of each service's config.ts then counts.
 * - `server`: the kind of server that it needs, as dev-brokers can start it; none if it needs none.
 * - `settings`: the environment variables by which the services find the server.
 * - `prepare`: what must be on the server before the first post.
 * - `guests`: who takes part besides the services of the blog; `missing` says why somebody does not.
 */
export const STREAMERS = {
  local: {
    environment: 'local',
    settings: () => ({}),
    guests: async () => ({ services: [], programs: { digest: true } }),
  },
  kafka: {
    environment: 'kafka',
    server: 'kafka',
    settings: ({ url }) => ({ KAFKA_BROKERS: url }),
    prepare: (server) => makeTopics(server, ['posts', 'newsletter', 'reviews', 'views', 'likes', 'reactions']),
    guests: () => readersAndReactions('kafka'),
  },
  rabbitmq: {
    environment: 'rabbitmq',
    server: 'rabbitmq',
    settings: ({ url }) => ({ RABBITMQ_URL: url }),
    prepare: makeQueues,
    guests: () => readersAndReactions('rabbitmq'),
  },
  nats: {
    environment: 'nats',
    server: 'nats',
    settings: ({ url }) => ({ NATS_URL: url }),
    guests: () => readersAndReactions('nats'),
  },
}

export const streamerNames = Object.keys(STREAMERS)

/** The readers, in Python, and the Booster service that counts their likes. */
async function readersAndReactions(broker) {
  try {
    return { services: ['reactions'], programs: { readers: await pythonService(broker) } }
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error
    return { services: [], programs: {}, missing: `The readers of examples/heterogeneous stay away. ${error.message}` }
  }
}
