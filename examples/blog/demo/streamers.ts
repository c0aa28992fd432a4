import type { BrokerName } from '@boostercloud/dev-brokers'
import { pythonService } from '../../support/languages/python'
import { ToolMissing } from '../../support/languages/tools'
import { makeQueues } from '../../support/queues'
import { makeTopics } from '../../support/topics'
import type { Programs } from './journeys'

/** Who takes part besides the services of the blog. */
interface Guests {
  readonly services: readonly string[]
  readonly programs: Programs
  /** Why somebody does not. */
  readonly missing?: string
}

interface Located {
  readonly url: string
}

/** What the demo runs over. */
export interface DemoStreamer {
  /** Booster's, whose part of each service's config.ts then counts. */
  readonly environment: string
  /** The server that it needs, if any. */
  readonly server?: {
    readonly name: BrokerName
    /** The environment variables by which the services find it. */
    readonly settings: (server: Located) => Readonly<Record<string, string>>
    /** Makes what must be on it before the first post. */
    readonly prepare?: (server: Located, services: readonly string[]) => Promise<void>
  }
  readonly guests: () => Promise<Guests>
}

/** What `--streamer` can name. */
export const STREAMERS = {
  local: {
    environment: 'local',
    guests: async () => ({ services: [], programs: { digest: true } }),
  },
  kafka: {
    environment: 'kafka',
    server: {
      name: 'kafka',
      settings: ({ url }) => ({ KAFKA_BROKERS: url }),
      prepare: (server) => makeTopics(server, ['posts', 'newsletter', 'reviews', 'views', 'likes', 'reactions']),
    },
    guests: () => readersAndReactions('kafka'),
  },
  rabbitmq: {
    environment: 'rabbitmq',
    server: { name: 'rabbitmq', settings: ({ url }) => ({ RABBITMQ_URL: url }), prepare: makeQueues },
    guests: () => readersAndReactions('rabbitmq'),
  },
  nats: {
    environment: 'nats',
    server: { name: 'nats', settings: ({ url }) => ({ NATS_URL: url }) },
    guests: () => readersAndReactions('nats'),
  },
} as const satisfies Readonly<Record<string, DemoStreamer>>

/** A name that `--streamer` takes. */
export type StreamerName = keyof typeof STREAMERS

/** All of them. */
export const streamerNames = Object.keys(STREAMERS) as StreamerName[]

/** The readers, in Python, and the Booster service that counts their likes. */
async function readersAndReactions(broker: string): Promise<Guests> {
  try {
    return { services: ['reactions'], programs: { readers: await pythonService(broker) } }
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error
    return { services: [], programs: {}, missing: `The readers of examples/heterogeneous stay away. ${error.message}` }
  }
}
