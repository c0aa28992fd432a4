import { StreamerError } from '@boostercloud/streamer-connector'

/** A place in a log: the event with this number, in the log with this id. Numbers start at 1; 0 is before the first event. */
export interface Position {
  readonly logId: string
  readonly sequence: number
}

const FORM = /^([0-9a-f]{16}):(0|[1-9][0-9]{0,15})$/

/** A position as the ID that `poll` hands out. */
export function formatPosition({ logId, sequence }: Position): string {
  return `${logId}:${sequence}`
}

/** The inverse of {@link formatPosition}. Throws `OPTION_INVALID` for anything else. */
export function parsePosition(id: string): Position {
  const [, logId, digits] = FORM.exec(id) ?? []
  const sequence = Number(digits)
  if (logId === undefined || !Number.isSafeInteger(sequence)) {
    throw new StreamerError('OPTION_INVALID', `${JSON.stringify(id)} is not a position of a local log.`, {
      at: 'lastReceivedEventID',
      hint: 'Pass the eventId of an event that poll returned, or nothing to start at the first event.',
    })
  }
  return { logId, sequence }
}
