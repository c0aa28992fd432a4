import { errorName, within } from '@boostercloud/streamer-connector'
import type { StreamerHealth } from '@boostercloud/streamer-connector'
import { withChannel } from '../client'
import type { Connection } from '../client'
import type { Reader } from '../consume'
import type { Publisher } from '../produce'

/** How long the server may take to answer a question before it counts as not answering. */
const ANSWER_MS = 2000
/** What is asked how it is. */
export interface Parts {
  readonly publishing: Connection
  readonly receiving: Connection
  readonly publisher: Publisher
  readonly readers: readonly Reader[]
  /** How long nothing may come from a queue that has something for us; milliseconds. */
  readonly stallMs: number
}

/** How one queue is, as the server and its reader say. */
export interface Seen {
  /** Events that nobody has been given yet. */
  readonly ready: number
  readonly consumers: number
  /** How many more events the reader may be given. */
  readonly room: number
  /** Since when it has been given none; milliseconds. */
  readonly quietMs: number
}

/** Whether a queue has something for its only reader, and nothing comes. Where there are others, it may be their turn. */
export function isStuck({ ready, consumers, room, quietMs }: Seen, stallMs: number): boolean {
  return ready > 0 && consumers < 2 && room > 0 && quietMs > stallMs
}

/** Asks the server, which shows that it answers, how much waits, and whether it comes. Never rejects. */
export async function healthOf(parts: Parts): Promise<StreamerHealth> {
  const { publishing, receiving, publisher, readers, stallMs } = parts
  const failure = [publishing, receiving, publisher, ...readers].map((part) => part.failure).find(Boolean)
  const connected = [publishing, receiving].every((connection) => connection.isOpen || !connection.isWanted)
  const unsettled = sum(readers.map(({ subscription }) => subscription?.holding.unsettled ?? 0))
  const undecodable = sum(readers.map((reader) => reader.undecodable))
  const known = { connected, topics: readers.length, unsettled, undecodable }
  if (failure !== undefined) return { healthy: false, details: { ...known, error: errorName(failure) } }
  const { blocked } = publishing
  if (blocked !== undefined) return { healthy: false, details: { ...known, blocked } }
  try {
    const [seen] = await within(ANSWER_MS, Promise.all([look(receiving, readers), answers(publishing)]))
    const stuck = readers.filter((_, index) => isStuck(seen[index], stallMs)).map(({ route }) => route.topic)
    const details = { ...known, lag: sum(seen.map(({ ready }) => ready)) }
    if (stuck.length === 0) return { healthy: true, details }
    return { healthy: false, details: { ...details, stuck: stuck.join(', ') } }
  } catch (thrown) {
    return { healthy: false, details: { ...known, error: errorName(thrown) } }
  }
}

async function look(connection: Connection, readers: readonly Reader[]): Promise<readonly Seen[]> {
  if (!connection.isOpen) return readers.map(() => ({ ready: 0, consumers: 0, room: 0, quietMs: 0 }))
  return withChannel(await connection.get(), async (channel) => {
    const seen: Seen[] = []
    for (const { route, subscription } of readers) {
      const { messageCount: ready, consumerCount: consumers } = await channel.checkQueue(route.queue)
      const { room = 0, quietMs = 0 } = subscription?.holding ?? {}
      seen.push({ ready, consumers, room, quietMs })
    }
    return seen
  })
}

async function answers(connection: Connection): Promise<void> {
  if (connection.isOpen) await withChannel(await connection.get(), async () => undefined)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
