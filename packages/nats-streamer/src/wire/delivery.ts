import type { EventPlace } from '@boostercloud/streamer-connector'
import type { Msg } from '@nats-io/nats-core'

/** A message, with what the server says of its place. */
export interface Delivered {
  readonly message: Msg
  /** Its sequence in the stream, from 1. */
  readonly sequence: number
  /** The how-manieth message of its consumer it is, from 1. */
  readonly consumerSequence: number
  /** When the stream got it; milliseconds since 1970. */
  readonly time: number
  /** The same in nanoseconds. With the sequence it tells a message from one that had its place before. */
  readonly timestamp: string
  /** How many messages the consumer has left behind it. */
  readonly pending: number
}

/**
 * Read from the subject that a message is acknowledged by: `$JS.ACK`, then, since NATS 2.9 optionally, domain and account hash, then
 * stream, consumer, deliveries, stream sequence, consumer sequence, nanoseconds, pending, and perhaps a random part.
 */
export function deliveryOf(message: Msg): Delivered {
  const parts = (message.reply ?? '').split('.')
  const at = parts.length === 9 ? 5 : 7
  return {
    message,
    sequence: Number(parts[at]),
    consumerSequence: Number(parts[at + 1]),
    time: Number(parts[at + 2]) / 1e6,
    timestamp: parts[at + 2] ?? '',
    pending: Number(parts[at + 3]),
  }
}

/** A stream is one sequence, of all its subjects. */
export const PARTITION = '0'

/** The place of a message. */
export function placeIn(logId: string, offset: number): EventPlace {
  return { partition: PARTITION, offset, logId }
}
