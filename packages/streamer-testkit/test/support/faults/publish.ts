import type { StreamerError } from '@boostercloud/streamer-connector'
import { publishing } from './fault'
import type { Fault } from './fault'

const isHuge = (event: object): boolean =>
  JSON.stringify(event, (_, v) => (typeof v === 'bigint' ? 0 : v)).length > 20_000
const isBig = (event: object): boolean => 'big' in event

/** What can be wrong with publishing. */
export const publishFaults: readonly Fault[] = [
  {
    name: 'resolves publish before it has written',
    breaks: ['ack_is_durable'],
    into: publishing(
      async (publish, events, topic) => void setTimeout(() => void publish(events, topic).catch(() => undefined), 5)
    ),
  },
  {
    name: 'calls a partial failure a success',
    breaks: ['partial_failure_names_what_failed'],
    into: publishing((publish, events, topic) =>
      publish(events, topic).catch((thrown: StreamerError) => {
        if (thrown.code !== 'PUBLISH_PARTIAL') throw thrown
      })
    ),
  },
  {
    name: 'sends no more than a thousand of a batch',
    breaks: ['batch_split_by_count'],
    into: publishing((publish, events, topic) => publish(events.slice(0, 1_000), topic)),
  },
  {
    name: 'sends the parts of a split batch in the wrong order',
    breaks: ['batch_split_by_bytes', 'batch_split_by_count'],
    into: publishing(async (publish, events, topic) => {
      await publish(events.slice(2), topic)
      await publish(events.slice(0, 2), topic)
    }),
  },
  {
    name: 'sends the good part of a bad batch before it rejects',
    breaks: ['oversize_rejected_before_send', 'not_encodable_rejected_before_send'],
    into: publishing(async (publish, events, topic) => {
      const bad = events.findIndex((event) => isBig(event) || isHuge(event))
      if (bad >= 0) await publish(events.slice(0, bad), topic)
      await publish(bad >= 0 ? events.slice(bad) : events, topic)
    }),
  },
  {
    name: 'leaves out what it cannot send',
    breaks: ['oversize_rejected_before_send', 'not_encodable_rejected_before_send'],
    into: publishing((publish, events, topic) =>
      publish(
        events.filter((event) => !isBig(event) && !isHuge(event)),
        topic
      )
    ),
  },
  {
    name: 'sends an empty message for an empty batch',
    breaks: ['empty_publish_is_nothing'],
    into: publishing((publish, events, topic) => publish(events.length === 0 ? [{}] : events, topic)),
  },
  {
    name: 'empties the array it was given',
    breaks: ['publish_keeps_input_untouched'],
    into: publishing(async (publish, events, topic) => publish(events.splice(0), topic)),
  },
  {
    name: 'writes into the events it was given',
    breaks: ['publish_keeps_input_untouched'],
    into: publishing((publish, events, topic) =>
      publish(
        events.map((event) => Object.assign(event, { sent: true })),
        topic
      )
    ),
  },
  {
    name: 'says published while the broker is away',
    breaks: ['publish_while_away_rejects'],
    into: publishing((publish, events, topic) => publish(events, topic).catch(() => undefined)),
  },
]
