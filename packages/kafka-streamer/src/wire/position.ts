import { StreamerError } from '@boostercloud/streamer-connector'

/** The place of a record: it has the same one for as long as its topic is there. */
export interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const FORM = /^([\w.-]{1,249})-(0|[1-9]\d{0,8})-(0|[1-9]\d{0,15})$/

/** As `posts-0-42`: topic, partition, offset. */
export function positionId({ topic, partition, offset }: Position): string {
  return `${topic}-${partition}-${offset}`
}

/** The inverse of {@link positionId}. Throws `OPTION_INVALID` for anything else, and for a position in another topic. */
export function parsePosition(id: string, topic: string): Position {
  const [, found, partition, offset] = FORM.exec(id) ?? []
  if (found === topic && Number.isSafeInteger(Number(offset))) {
    return { topic, partition: Number(partition), offset: Number(offset) }
  }
  throw new StreamerError('OPTION_INVALID', `${JSON.stringify(id)} is not a position in the topic '${topic}'.`, {
    at: id,
    hint: `Write topic, partition and offset, such as '${topic}-0-42', or give a time.`,
  })
}
