import { errorName, within } from '@boostercloud/streamer-connector'
import type { StreamerHealth } from '@boostercloud/streamer-connector'
import type { Reader } from '../consume'

/** How long AWS may take to answer a question before it counts as not answering. */
const ANSWER_MS = 3000

/** What is asked how it is. */
export interface Parts {
  readonly readers: readonly Reader[]
  /** Why the last request to publish failed, if it did. */
  readonly publishing?: unknown
  /** Whether EventBridge answers; a refusal is an answer. */
  readonly answers: (signal: AbortSignal) => Promise<void>
  /** How long nothing may come from a queue that has something; milliseconds. */
  readonly stallMs: number
}

/** How one queue is, as SQS and its reader say. */
export interface Seen {
  /** Events that nobody has been given yet. */
  readonly ready: number
  readonly hasRoom: boolean
  /** Since when nothing has come; milliseconds. */
  readonly quietMs: number
}

/** Whether a queue has something, its reader has room for it, and nothing comes. */
export function isStuck({ ready, hasRoom, quietMs }: Seen, stallMs: number): boolean {
  return ready > 0 && hasRoom && quietMs > stallMs
}

/** Asks EventBridge and the queues, which shows that they answer, how much waits, and whether it comes. Never rejects. */
export async function healthOf({ readers, publishing, answers, stallMs }: Parts): Promise<StreamerHealth> {
  const unsettled = readers.reduce((sum, reader) => sum + reader.unsettled, 0)
  const known = { topics: readers.length, unsettled }
  const failure = [publishing, ...readers.map((reader) => reader.failure)].find(Boolean)
  const ending = new AbortController()
  try {
    const asked = Promise.all([
      Promise.all(readers.map((reader) => look(reader, ending.signal))),
      answers(ending.signal),
    ])
    const [seen] = await within(ANSWER_MS, asked)
    const details = { ...known, connected: true, lag: seen.reduce((sum, { ready }) => sum + ready, 0) }
    if (failure !== undefined) return { healthy: false, details: { ...details, error: errorName(failure) } }
    const stuck = readers.filter((_, index) => isStuck(seen[index], stallMs)).map(({ route }) => route.topic)
    if (stuck.length === 0) return { healthy: true, details }
    return { healthy: false, details: { ...details, stuck: stuck.join(', ') } }
  } catch (thrown) {
    return { healthy: false, details: { ...known, connected: false, error: errorName(failure ?? thrown) } }
  } finally {
    ending.abort()
  }
}

async function look(reader: Reader, signal: AbortSignal): Promise<Seen> {
  const { source, hasRoom, movedAt } = reader
  const { ready } = source === undefined ? { ready: 0 } : await source.counts(signal)
  return { ready, hasRoom, quietMs: performance.now() - movedAt }
}
