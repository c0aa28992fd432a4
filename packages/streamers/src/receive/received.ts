import { copyOf, decoderOf, withMetadata } from '@boostercloud/streamer-connector'
import type { EventMetadata, ExternalEvent } from '@boostercloud/streamer-connector'
import type { Effects } from './effects'

/**
 * An event as it was received. Whoever runs on it is given an event of their own, so that what one does to it is seen by nobody else and by no
 * later attempt, and what is parked is what was received.
 */
export class Received implements ExternalEvent {
  public readonly streamerId: string
  public readonly streamerTopic?: string
  public readonly eventId?: string
  public readonly positionId?: string
  public readonly metadata?: EventMetadata
  private readonly decode?: () => unknown
  private payload: unknown
  /** Whether somebody has been given the payload itself. */
  private isGiven = false

  public constructor(event: ExternalEvent, from: { readonly streamerId: string; readonly topic?: string }) {
    this.streamerId = from.streamerId
    this.streamerTopic = event.streamerTopic ?? from.topic
    this.eventId = event.eventId
    this.positionId = event.positionId
    this.metadata = event.metadata
    this.payload = event.eventPayload
    // Bytes are a part of the message, which is to stay as it is.
    if (!(event.eventPayload instanceof Uint8Array)) this.decode = decoderOf(event.metadata)
  }

  /** The payload as it was received, for those that change nothing. */
  public get eventPayload(): unknown {
    if (this.isGiven && this.decode) {
      this.payload = this.decode()
      this.isGiven = false
    }
    return this.payload
  }

  /** The event for one attempt of one handler, whose signal stands in its metadata. */
  public own(signal?: AbortSignal): ExternalEvent {
    const { streamerId, streamerTopic, eventId, eventPayload: received } = this
    const metadata = this.metadata && ownMetadata(this.metadata, signal)
    const eventPayload = this.decode ? received : copyOf(received)
    this.isGiven = true
    if (metadata && typeof eventPayload === 'object' && eventPayload !== null) withMetadata(eventPayload, metadata)
    return { streamerId, streamerTopic, eventId, eventPayload, metadata }
  }
}

/** Headers and bytes are copied when they are first asked for: hardly a handler does. */
function ownMetadata(metadata: EventMetadata, signal: AbortSignal | undefined): EventMetadata {
  let raw: Uint8Array | undefined
  let headers: EventMetadata['headers']
  return {
    ...metadata,
    signal,
    get headers() {
      return (headers ??= metadata.headers && { ...metadata.headers })
    },
    get raw() {
      return (raw ??= metadata.raw && copyOf(metadata.raw))
    },
  }
}

/** Runs handlers on events of their own. */
export function onOwnEvents(effects: Effects): Effects {
  const { runBatch } = effects
  return {
    run: (link, event, signal) => effects.run(link, own(event, signal), signal),
    runBatch:
      runBatch &&
      ((link, events, signal) =>
        runBatch.call(
          effects,
          link,
          events.map((event) => own(event, signal)),
          signal
        )),
    resume: (packed) => effects.resume(packed),
  }
}

/** What was taken from the park was unpacked for this attempt. */
function own(event: ExternalEvent, signal: AbortSignal): ExternalEvent {
  if (event instanceof Received) return event.own(signal)
  const { eventPayload } = event
  const metadata = event.metadata && { ...event.metadata, signal }
  if (metadata && typeof eventPayload === 'object' && eventPayload !== null) withMetadata(eventPayload, metadata)
  return { ...event, metadata }
}
