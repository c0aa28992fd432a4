import { StreamerError } from '@boostercloud/streamer-connector'

/** A place in a stream: the message with this sequence, in the stream with this id. Sequences start at 1; 0 is before the first. */
export interface Position {
  readonly streamId: string
  readonly sequence: number
}

const FORM = /^([1-9][0-9]{0,19}):(0|[1-9][0-9]{0,15})$/
const FRACTION = /\.(\d{1,9})/

/** A position as the ID that `poll` hands out. */
export function formatPosition({ streamId, sequence }: Position): string {
  return `${streamId}:${sequence}`
}

/** The inverse of {@link formatPosition}. Throws `OPTION_INVALID` for anything else. */
export function parsePosition(id: string): Position {
  const [, streamId, digits] = FORM.exec(id) ?? []
  const sequence = Number(digits)
  if (streamId === undefined || !Number.isSafeInteger(sequence)) {
    throw new StreamerError('OPTION_INVALID', `${JSON.stringify(id)} is not a position of a JetStream stream.`, {
      at: 'lastReceivedEventID',
      hint: 'Pass the eventId of an event that poll returned, or nothing to start at the first event.',
    })
  }
  return { streamId, sequence }
}

/**
 * By what a stream is told from one that had its name before: when it was made, in nanoseconds since 1970. `created` is RFC 3339, as
 * the server writes it.
 */
export function streamIdOf(created: string): string {
  const seconds = Math.floor(Date.parse(created) / 1000)
  const nanoseconds = (FRACTION.exec(created)?.[1] ?? '').padEnd(9, '0')
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds))
}
