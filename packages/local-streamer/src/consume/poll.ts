import type { LoggedMessage, Opened } from '../log'
import type { LocalStreamerSettings } from '../options'
import type { Position } from '../wire'

/** How long a reader that hears no bell waits before it looks by itself. */
const LOOK_EVERY_MS = 100

/** The messages that follow; waits a while for the first one. Resolves with none when the time is over or the bell is closed. */
export async function nextMessages(
  { log, bell }: Opened,
  topic: string,
  position: Position | undefined,
  { pollWaitMs, pollBatch }: Pick<LocalStreamerSettings, 'pollWaitMs' | 'pollBatch'>
): Promise<LoggedMessage[]> {
  const deadline = performance.now() + pollWaitMs
  let after: number | undefined
  while (!bell.isClosed) {
    after ??= log.sequenceAfter(position)
    const messages = log.after(topic, after, pollBatch)
    const leftMs = deadline - performance.now()
    if (messages.length > 0 || leftMs <= 0) return messages
    await bell.rung(Math.min(leftMs, LOOK_EVERY_MS))
  }
  return []
}
