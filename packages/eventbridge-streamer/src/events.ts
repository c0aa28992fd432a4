import { isStreamerError, receivedEvent, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent, WireMessage } from '@boostercloud/streamer-connector'
import { readEnvelope } from './envelope'
import type { Received } from './envelope'
import type { Route } from './names'

/** A text as SQS or a rule delivers it, with the ID that settles it. */
export interface Delivery {
  readonly eventId: string
  readonly text: string
}

/** How deliveries become events. */
export interface Decoding {
  readonly route: Route
  readonly streamerId: string
}

/**
 * A delivery as the event that a handler gets. What the codec does not know of it (its id, where a body is bare) is what EventBridge says. Rejects
 * only with what may pass, as a registry that is away.
 */
export async function toExternalEvent(
  { eventId, text }: Delivery,
  { route, streamerId }: Decoding
): Promise<ExternalEvent> {
  const from = { streamerId, topic: route.topic, eventId }
  let received: Received
  try {
    received = readEnvelope(text, route.types)
  } catch (thrown) {
    return receivedEvent(failing(thrown), asItIs(text), from)
  }
  const event = await receivedEvent(route.codec, received.message, from)
  const { metadata = {}, eventPayload } = event
  if (metadata.id !== undefined || received.known.id === undefined) return event
  const known = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))
  const completed = { ...received.known, ...known }
  if (typeof eventPayload === 'object' && eventPayload !== null) withMetadata(eventPayload, completed)
  return { ...event, metadata: completed }
}

/** All of them, in order. */
export async function toExternalEvents(deliveries: readonly Delivery[], decoding: Decoding): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  for (const delivery of deliveries) events.push(await toExternalEvent(delivery, decoding))
  return events
}

function asItIs(text: string): WireMessage {
  return { body: Buffer.from(text), attributes: {}, headers: {} }
}

/** What makes an event of something unreadable, with its bytes and the reason. */
function failing(thrown: unknown): Parameters<typeof receivedEvent>[0] {
  const fail = (): never => {
    throw isStreamerError(thrown) ? thrown : (thrown as Error)
  }
  return { name: 'eventbridge', encode: fail, decode: fail }
}
