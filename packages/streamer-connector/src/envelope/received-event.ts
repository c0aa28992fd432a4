import { StreamerError, isStreamerError } from '../contract'
import type { ExternalEvent } from '../contract'
import type { Codec, WireMessage } from './codec'
import { withMetadata } from './metadata'

/** Where a message came from. */
export interface ReceivedFrom {
  readonly streamerId: string
  readonly topic?: string
  /** The position that settles it. */
  readonly eventId: string
}

/**
 * A message as the event that `poll` returns. One that cannot be decoded is returned too, with its bytes and the reason in
 * `metadata.undecodable`, so that it becomes a dead letter. Rejects only with what may pass: a registry that is away.
 */
export async function receivedEvent(codec: Codec, message: WireMessage, from: ReceivedFrom): Promise<ExternalEvent> {
  const { streamerId, topic: streamerTopic, eventId } = from
  try {
    const decoded = codec.decode(message, streamerTopic)
    // To wait costs as much as to decode, and most codecs need nobody.
    const { payload, metadata } = 'payload' in decoded ? decoded : await decoded
    if (typeof payload === 'object' && payload !== null) withMetadata(payload, metadata)
    return { streamerId, streamerTopic, eventId, eventPayload: payload, metadata }
  } catch (thrown) {
    if (isStreamerError(thrown) && thrown.retryable) throw thrown
    const undecodable = isStreamerError(thrown)
      ? thrown
      : new StreamerError(
          'EVENT_UNDECODABLE',
          `The codec '${codec.name}' failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
          {
            cause: thrown,
          }
        )
    return {
      streamerId,
      streamerTopic,
      eventId,
      eventPayload: undefined,
      metadata: {
        id: message.attributes.id,
        source: message.attributes.source,
        type: message.attributes.type,
        key: message.key,
        headers: { ...message.attributes, ...message.headers },
        raw: message.body,
        undecodable,
      },
    }
  }
}
