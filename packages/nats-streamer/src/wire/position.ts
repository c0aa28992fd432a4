import { StreamerError } from '@boostercloud/streamer-connector'

/** A place in a stream: the message with this sequence, in the stream with this id. Sequences start at 1; 0 is before the first. */
export interface Position {
  readonly streamId: string
  readonly sequence: number
  /**
   * When the stream got that message, in nanoseconds since 1970: a stream that has lost its newest messages, with the power or by a backup, gives their
   * sequences again. Absent in positions of earlier versions, and before the first message.
   */
  readonly timestamp?: string
}

const FORM = /^([1-9][0-9]{0,19}):(?:([1-9][0-9]{0,19}):)?(0|[1-9][0-9]{0,15})$/
const FRACTION = /\.(\d{1,9})/

/** A position as the ID that `poll` hands out. */
export function formatPosition({ streamId, sequence, timestamp }: Position): string {
  return timestamp === undefined ? `${streamId}:${sequence}` : `${streamId}:${timestamp}:${sequence}`
}

/** The inverse of {@link formatPosition}. Throws `OPTION_INVALID` for anything else. */
export function parsePosition(id: string): Position {
  const [, streamId, timestamp, digits] = FORM.exec(id) ?? []
  const sequence = Number(digits)
  if (streamId === undefined || !Number.isSafeInteger(sequence)) {
    throw new StreamerError('OPTION_INVALID', `${JSON.stringify(id)} is not a position of a JetStream stream.`, {
      at: 'lastReceivedEventID',
      hint: 'Pass the eventId of an event that poll returned, or nothing to start at the first event.',
    })
  }
  return timestamp === undefined ? { streamId, sequence } : { streamId, sequence, timestamp }
}

/**
 * By what a stream is told from one that had its name before: when it was made, in nanoseconds since 1970. `created` is RFC 3339, as
 * the server writes it.
 */
export function streamIdOf(created: string): string {
  return nanosecondsOf(created)
}

/** A time by RFC 3339, as the server writes it, in nanoseconds since 1970. */
export function nanosecondsOf(time: string): string {
  const seconds = Math.floor(Date.parse(time) / 1000)
  const nanoseconds = (FRACTION.exec(time)?.[1] ?? '').padEnd(9, '0')
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds))
}
