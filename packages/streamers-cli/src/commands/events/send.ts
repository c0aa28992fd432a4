import { StreamerError, isPartialPublishError, isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import type { Source } from '../../app/source'

/** An event as connectors take it. */
export type Published = Parameters<StreamerConnector['publish']>[0][number]

/** An event with its metadata. */
export interface Ready {
  readonly event: Published
  /** Where it is from, for messages: a file and its line. */
  readonly at: string
}

/** Publishes a batch; where one of its events is refused, those before it, and throws an error that says where it stands. */
export async function send(
  { connector, topic }: Pick<Source, 'connector' | 'topic'>,
  batch: readonly Ready[],
  done: (count: number) => void
): Promise<void> {
  try {
    await connector.publish(
      batch.map(({ event }) => event),
      topic
    )
    done(batch.length)
  } catch (error) {
    if (isPartialPublishError(error)) {
      done(batch.length - error.failed.length)
      throw refused(error.failed[0].error, batch[error.failed[0].index])
    }
    if (!isStreamerError(error, 'EVENT_TOO_LARGE') && !isStreamerError(error, 'EVENT_NOT_ENCODABLE')) throw error
    if (batch.length === 1) throw refused(error, batch[0])
    for (const one of batch) await send({ connector, topic }, [one], done)
  }
}

function refused(cause: StreamerError, { at }: Ready): StreamerError {
  return new StreamerError(cause.code, `The streamer does not accept the event: ${cause.message}`, { at, cause })
}
