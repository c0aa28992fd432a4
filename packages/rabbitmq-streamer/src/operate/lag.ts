import { within } from '@boostercloud/streamer-connector'
import { REPLY, errorFrom, replyCode, withChannel } from '../client'
import type { Connection } from '../client'

/** How long the server may take to answer. */
const ANSWER_MS = 2_000

/** How many messages of a queue nobody has been given; undefined where there is no such queue. Rejects as `poll` does. */
export async function lagOf(connection: Connection, queue: string): Promise<number | undefined> {
  try {
    return await within(ANSWER_MS, messagesIn(connection, queue))
  } catch (thrown) {
    if (replyCode(thrown) === REPLY.notFound) return undefined
    throw errorFrom(thrown, `queue ${queue}`)
  }
}

async function messagesIn(connection: Connection, queue: string): Promise<number> {
  return withChannel(await connection.get(), async (channel) => (await channel.checkQueue(queue)).messageCount)
}
