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
  const wrapper = { streamerId: from.streamerId, streamerTopic: from.topic, eventId: from.eventId }
  try {
    const { payload, metadata } = await codec.decode(message, from.topic)
    if (typeof payload === 'object' && payload !== null) withMetadata(payload, metadata)
    return { ...wrapper, eventPayload: payload, metadata }
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
      ...wrapper,
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
