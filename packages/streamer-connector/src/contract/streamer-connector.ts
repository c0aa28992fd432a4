import type { EventInterface } from '@boostercloud/framework-types'
import type { EventMetadata } from './event-metadata'
import type { WireMessage } from './wire-message'

/**
 * The place of an event in a log that its broker keeps: the same at each delivery, for every reader and after any restart.
 * @public
 */
export interface EventPlace {
  /**
   * What counts the offsets: the number of a partition of Kafka, `0` where a topic is one sequence. Events of one key are in one partition.
   */
  readonly partition: string
  /**
   * Grows within the partition, in the order of delivery; where `ordering` is `none`, an event that is delivered again comes behind later ones.
   * Not every number is an event of the topic: a log may count those of other topics too.
   */
  readonly offset: number
  /**
   * Which log it is, where the broker tells: a topic, stream or file that is created again under its name has another id, and gives its offsets again. A log that has lost
   * its newest events, with the power or by a backup, keeps its id and gives their offsets again.
   */
  readonly logId?: string
}

/**
 * Wrapper for an event received from an external event streamer.
 * @public
 */
export interface ExternalEvent {
  /** The id the app gave the streamer in `config.streamers`; what a connector cannot know, the receiver fills in. */
  streamerId: string
  streamerTopic?: string
  /** An event of a class that the app has, in that class's fields; anything else in its original form. */
  eventPayload: EventInterface | unknown
  /** The position that settles this event: handed back to `poll` as `lastReceivedEventID`. */
  eventId?: string
  /**
   * Where the broker has the event for good: the same at each delivery, to whomever, and no other event's, also if its topic is created again. An
   * event without an id and a source of its own is known by it. Absent where the broker has no such place.
   */
  positionId?: string
  /** Where it stands in the broker's log; see {@link StreamerCapabilities.places}. Absent where the broker keeps none. */
  place?: EventPlace
  /**
   * The message as the broker had it: bytes, content type, attributes, headers and key, before anything was unpacked or decoded. Its key is absent where
   * an attribute says it. A recorder keeps the message. Absent where the connector does not hand it over.
   */
  message?: WireMessage
  /** What came beside the payload. */
  metadata?: EventMetadata
}

/**
 * A streamer connector: the code for one kind of broker. Whatever else it can do is an optional interface.
 * @public
 */
export type StreamerConnector = StreamerConnectorPublishInterface &
  (StreamerConnectorPollingInterface | StreamerConnectorFaaSInterface)

/**
 * Publishing is the same for every connector, whatever its way of receiving.
 * @public
 */
export interface StreamerConnectorPublishInterface {
  /**
   * Publishes events, in order. What the wire carries beside an event's fields is read with `metadataOf(event)`.
   *
   * Resolves when the broker has every event durably. Rejects with a `PartialPublishError` when only some failed, with
   * `EVENT_TOO_LARGE` or `EVENT_NOT_ENCODABLE` before anything is sent, with `STREAMER_UNAVAILABLE` when it is not known
   * whether the broker has them.
   */
  publish(events: EventInterface[], topic?: string): Promise<void>
}

/**
 * Polling: the receiver calls this again and again, one call at a time for a topic.
 * @public
 */
export interface StreamerConnectorPollingInterface {
  /**
   * The next events, in the broker's order. Waits a short while for the first one, then resolves with an empty array.
   *
   * `lastReceivedEventID` says "everything up to here is settled" where the connector's position is the broker's, and
   * "read on from here" where it is the receiver's; see {@link StreamerCapabilities.position}. Where nothing can come before something is settled, as many
   * events being unsettled as the broker hands out, it resolves at once: only the next call can say that something is.
   */
  poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]>
}

/**
 * Function as a service: the cloud calls a function of the app, which hands over what it was given.
 * @public
 */
export interface StreamerConnectorFaaSInterface {
  /** Reads events in the streaming service's own form. */
  transformEvents(events: unknown[], topic?: string): Promise<ExternalEvent[]>
}

/**
 * What a connector, with its options, can be relied on for. Plain data; the core never asks which broker it is.
 * @public
 */
export interface StreamerCapabilities {
  /**
   * Who keeps how far a topic is settled.
   *
   * `broker`: `lastReceivedEventID` is the mark, in the order of delivery, up to which everything is settled. Undefined or repeated, it
   * settles nothing and still returns the *next* events; each event is handed out once a session; an ID of another session is ignored.
   *
   * `receiver`: `lastReceivedEventID` is a read cursor; the same one returns the same events again, undefined starts at the first
   * event there is. The receiver keeps it in its state.
   */
  readonly position: 'broker' | 'receiver'
  /** What stays in the order published: the events of one key, the whole topic, or nothing. */
  readonly ordering: 'key' | 'topic' | 'none'
  /** Whether a published event survives the broker's death. */
  readonly durable: boolean
  /** Whether old events can be read again. */
  readonly replay: boolean
  /** The largest event taken, in encoded bytes: body, key and headers. */
  readonly maxEventBytes: number
  /** Whether each event that is polled or read again has its {@link ExternalEvent.place}. Default false. */
  readonly places?: boolean
  /** How events can come in: by `poll`, by `transformEvents`, or both. */
  readonly delivery: 'poll' | 'push' | 'both'
  /** Whether every address must name a topic. Default false. */
  readonly topicRequired?: boolean
  /** The topic of an address that names none. */
  readonly defaultTopic?: string
}
