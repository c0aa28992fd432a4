import { receivedRecord, decodedInOrder } from '@boostercloud/streamer-connector'
import type {
  EventMetadata,
  ExternalEvent,
  ReadMessage,
  RecordForm,
  StreamerError,
} from '@boostercloud/streamer-connector'
import type { Route } from '../options'
import { readEnvelope } from './envelope'
import type { Received } from './envelope'
import type { MessageAttributes } from './message-attributes'

/** A text as SQS or a rule delivers it, with the ID that settles it. */
export interface Delivery {
  readonly eventId: string
  readonly text: string
  /** What its sender says of it in SQS. */
  readonly attributes?: MessageAttributes
  /** Why it could not be read, where it did not come as one. */
  readonly unreadable?: StreamerError
}

/** How deliveries become events. */
export interface Decoding {
  readonly route: Route
  readonly streamerId: string
}

/** A message, with what EventBridge itself says of it. */
type Told = ReadMessage & Pick<Received, 'known'>

/**
 * A delivery as the event that a handler gets. What the codec does not know of it (its id, where a body is bare) is what EventBridge says. Rejects
 * only with what may pass, as a registry that is away.
 */
export function toExternalEvent(
  delivery: Delivery,
  { route, streamerId }: Decoding
): ExternalEvent | Promise<ExternalEvent> {
  const from = { streamerId, topic: route.topic, eventId: delivery.eventId }
  return receivedRecord(delivery, { form: deliveryForm(route.types), codec: route.codec, from })
}

/** All of them, in order. */
export async function toExternalEvents(deliveries: readonly Delivery[], decoding: Decoding): Promise<ExternalEvent[]> {
  return decodedInOrder(deliveries, (delivery) => toExternalEvent(delivery, decoding))
}

function deliveryForm(types: Route['types']): RecordForm<Delivery, Told> {
  return {
    toMessage({ text, attributes, unreadable }) {
      if (unreadable !== undefined) throw unreadable
      const { message, known } = readEnvelope(text, types, attributes)
      return { ...message, known }
    },
    bodyOf: ({ text }) => Buffer.from(text),
    complete: (metadata, _delivery, message) => completed(metadata, message?.known ?? {}),
  }
}

function completed(metadata: EventMetadata, known: Received['known']): EventMetadata {
  if (metadata.id !== undefined || known.id === undefined) return metadata
  return { ...known, ...Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined)) }
}
