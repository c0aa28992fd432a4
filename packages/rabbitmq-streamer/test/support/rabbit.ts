import { connect } from 'amqplib'
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib'
import type { Server } from '@boostercloud/dev-brokers'
import { RabbitMQStreamer } from '../../src'
import type { RabbitMQStreamerOptions } from '../../src'

/** What a test works with: streamers on the server, a bare channel beside them, and names of its own. */
export interface Rabbit {
  readonly url: string
  /** A name that no other test has. */
  name(base?: string): string
  streamer(options?: Partial<RabbitMQStreamerOptions>): RabbitMQStreamer
  /** What knows nothing of streamers. */
  readonly channel: ConfirmChannel
}

let count = 0

/** Registers hooks that give each test a bare channel and close everything that it made. */
export function useRabbit(server: () => Server): Rabbit {
  let made: RabbitMQStreamer[] = []
  let bare: ChannelModel
  let channel: ConfirmChannel
  beforeEach(async () => {
    bare = await connect(server().url)
    channel = await bare.createConfirmChannel()
  })
  afterEach(async () => {
    await Promise.all(made.map((streamer) => streamer.close()))
    made = []
    await bare.close()
  })
  return {
    get url() {
      return server().url
    },
    get channel() {
      return channel
    },
    name: (base = 'topic') => `${base}-${(count += 1)}`,
    streamer(options = {}) {
      const given = options.urls ? {} : { url: server().url }
      const streamer = RabbitMQStreamer.with({ ...given, pollWaitMs: 100, ...options })
      made.push(streamer)
      return streamer
    },
  }
}

/** A queue that gets everything of a topic, for a look at what is published. */
export async function spy(channel: Channel, exchange: string, topic: string): Promise<string> {
  await channel.assertExchange(exchange, 'topic', { durable: true })
  const { queue } = await channel.assertQueue('', { exclusive: true })
  await channel.bindQueue(queue, exchange, topic)
  return queue
}
