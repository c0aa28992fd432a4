import type { ChannelModel } from 'amqplib'
import { withChannel } from '../client'

/** What the server answers about a queue that is not there. */
const NOT_FOUND = 404

/** How many messages of a queue nobody has been given; undefined where there is no such queue. Rejects as the server does. */
export async function lagOf(model: ChannelModel, queue: string): Promise<number | undefined> {
  try {
    return await withChannel(model, async (channel) => (await channel.checkQueue(queue)).messageCount)
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code === NOT_FOUND) return undefined
    throw thrown
  }
}
