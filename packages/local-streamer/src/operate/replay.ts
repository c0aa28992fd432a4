import { StreamerError } from '@boostercloud/streamer-connector'
import type { ReplayRange } from '@boostercloud/streamer-connector'
import type { Log, LoggedMessage } from '../log'
import { parsePosition } from '../wire'

/** How many messages a replay has in memory at once, at most. */
const BATCH = 200

/** The messages of a topic within a range, up to what is there when the reading starts. */
export function* replay(log: Log, topic: string, { from, to }: ReplayRange): Generator<LoggedMessage[]> {
  const end = to === undefined ? log.lastSequence() + 1 : placeOf(log, to)
  let after = from === undefined ? 0 : placeOf(log, from) - 1
  for (;;) {
    const batch = log.after(topic, after, BATCH)
    const wanted = batch.filter(({ sequence }) => sequence < end)
    if (wanted.length > 0) yield wanted
    if (batch.length === 0 || wanted.length < batch.length) return
    after = batch[batch.length - 1].sequence
  }
}

function placeOf(log: Log, bound: string | Date): number {
  if (bound instanceof Date) return log.sequenceAt(bound)
  const { logId, sequence } = parsePosition(bound)
  if (logId === log.id) return sequence
  throw new StreamerError(
    'OPTION_INVALID',
    `The position '${bound}' belongs to another log, which was here before or is elsewhere.`,
    {
      at: bound,
      hint: 'Give a time, or a position of this log.',
    }
  )
}
