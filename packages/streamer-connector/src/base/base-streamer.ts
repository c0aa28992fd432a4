import type { EventInterface } from '@boostercloud/framework-types'
import { StreamerError, isStreamerError } from '../contract'
import type {
  Attachable,
  Closable,
  Declaring,
  EventMetadata,
  ExternalEvent,
  StreamerCapabilities,
  StreamerContext,
  StreamerHealth,
  WireMessage,
} from '../contract'
import { MOST_UNPACKED_BYTES, classOf, markedAsReplayed, metadataToPublish, withoutWords } from '../envelope'
import type { Codec, PublishedMetadata, ReceivedFrom } from '../envelope'
import { assertCarriable, shownType } from './record/headers'
import { HealthCheck } from './health'
import type { HealthQuestion } from './health'
import { receivedRecord } from './record/record-form'
import type { ReadMessage, RecordForm } from './record/record-form'

/**
 * What the options of every connector have.
 * @public
 */
export interface CommonSettings {
  readonly codec: Codec
  readonly maxEventBytes: number
  readonly defaultTopic?: string
  readonly source?: string
}

/**
 * What of its capabilities is a connector's own; the others follow from its options.
 * @public
 */
export type OwnCapabilities = Omit<StreamerCapabilities, 'maxEventBytes' | 'defaultTopic' | 'topicRequired'>

/**
 * An event on its way out, as its broker takes it.
 * @public
 */
export interface Encoded {
  /** How large it is as the broker counts: body, key and headers. May be more where that is cheaper to say and fits all the same. */
  readonly bytes: number
}

/**
 * What every connector does in the same way: whom it serves, which topic is meant, encoding with a check of size, decoding with the boundary between
 * a bad record and a broker that is away, and its end. A connector adds how its broker is written to and read from.
 * @public
 */
export abstract class BaseStreamer<S extends CommonSettings> implements Declaring, Attachable, Closable {
  /** See `StreamerCapabilities`. */
  public readonly capabilities: StreamerCapabilities
  /** The service, once it has said who it is. */
  protected context?: StreamerContext
  private closing?: Promise<void>
  private readonly check = new HealthCheck()

  /** `broker`: its name in messages, as `Kafka`; the class is taken to be called `KafkaStreamer`. */
  protected constructor(
    private readonly broker: string,
    protected readonly settings: S,
    capabilities: OwnCapabilities
  ) {
    const { maxEventBytes, defaultTopic } = settings
    this.capabilities = { ...capabilities, maxEventBytes, defaultTopic, topicRequired: defaultTopic === undefined }
  }

  /** Takes the service's name for events that carry no source, and the streamer's id for those it returns. Connects nothing. */
  public attach(context: StreamerContext): void {
    this.context = context
  }

  /** Ends waiting polls, lets publishes end, and closes connections. May be called twice. */
  public close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  /** Closes whatever is open. Called once. Default: there is nothing. */
  protected end(): Promise<void> {
    return Promise.resolve()
  }

  protected get isClosed(): boolean {
    return this.closing !== undefined
  }

  /** What errors name as the place: the streamer's id, or else its class. */
  protected get place(): string {
    return this.context?.streamerId ?? `${this.broker}Streamer`
  }

  /** Throws `CLOSED` after `close()`. */
  protected assertOpen(): void {
    if (this.isClosed) throw this.closedError()
  }

  /** The error of a call on a closed streamer: `CLOSED`. */
  protected closedError(): StreamerError {
    return new StreamerError('CLOSED', `The ${this.broker} streamer is closed.`, {
      at: this.place,
      hint: 'Make a new one.',
    })
  }

  /**
   * Health as every connector tells it. A closed one is unhealthy; one that is not in use is healthy, and nothing connects for being asked; else it is what `look`
   * says, which is asked once at a time and with a limit. Never rejects.
   */
  protected healthBy(question: HealthQuestion): Promise<StreamerHealth> {
    return this.check.ask(this.isClosed, question)
  }

  /** The service as others know it at the broker, `blog-production`; undefined outside of one. */
  protected get serviceName(): string | undefined {
    const { appName, environment } = this.context ?? {}
    return [appName, environment].filter(Boolean).join('-') || undefined
  }

  /** The name of a group or queue for a reader beside this one; undefined where the options name none. */
  protected groupBeside(name: string | undefined, reader: string): string | undefined {
    return name === undefined ? undefined : `${name}-${reader}`
  }

  /** The options of topics for such a reader, whose queues have other names. */
  protected topicsBeside<T extends { readonly queue?: string }>(
    topics: Readonly<Record<string, T>>,
    reader: string
  ): Readonly<Record<string, T>> {
    const other = (own: T): T =>
      own.queue === undefined ? own : { ...own, queue: this.groupBeside(own.queue, reader) }
    return Object.fromEntries(Object.entries(topics).map(([topic, own]) => [topic, other(own)]))
  }

  /** The topic, or the default one. Throws `TOPIC_MISSING` where there is neither. */
  protected topicFor(topic: string | undefined): string {
    const name = topic ?? this.settings.defaultTopic
    if (name) return name
    const at = this.place
    throw new StreamerError(
      'TOPIC_MISSING',
      `The ${this.broker} streamer was given no topic and has no default topic.`,
      {
        at,
        hint: `Name the topic in the address, such as 'main/posts', or give ${this.broker}Streamer.with a defaultTopic.`,
      }
    )
  }

  /** The codec of a topic. Default: the streamer's. */
  protected codecFor(_topic: string): Codec {
    return this.settings.codec
  }

  /** What to do about an event that is too large. */
  protected get tooLargeHint(): string {
    return "Publish a reference to the large part instead, or raise the streamer's maxEventBytes."
  }

  /**
   * Events as the broker takes them, all of them before the first is sent. `mostBytes`: what the broker takes at present, where that may be less than
   * `maxEventBytes`. Rejects with `EVENT_TOO_LARGE`, with `EVENT_NOT_ENCODABLE` also where `toBroker` throws what is no `StreamerError`, or with what the
   * codec's registry is at fault for.
   */
  protected async encode<M extends Encoded>(
    events: readonly EventInterface[],
    topic: string,
    toBroker: (message: WireMessage, metadata: PublishedMetadata) => M,
    mostBytes = Infinity
  ): Promise<M[]> {
    const most = Math.min(mostBytes, this.settings.maxEventBytes)
    const codec = this.codecFor(topic)
    const source = this.settings.source ?? this.context?.appName ?? 'unknown'
    const all: M[] = []
    for (const event of events) {
      const metadata = metadataToPublish(event, source)
      const at = shownType(metadata)
      try {
        const encoded: WireMessage | Promise<WireMessage> = codec.encode(event, metadata, topic)
        const message = 'then' in encoded ? await encoded : encoded
        assertCarriable(message, at)
        all.push(this.fitting(toBroker(message, metadata), most, at))
      } catch (thrown) {
        throw notEncodable(thrown, at)
      }
    }
    return all
  }

  /**
   * Recorded messages as the broker takes them, marked as replayed, all of them before the first is sent; see `RawPublishing`. The metadata is what the attributes say, if
   * there are any. `mostBytes`: as for `encode`. Throws `EVENT_TOO_LARGE`, and `EVENT_NOT_ENCODABLE` also where `toBroker` throws what is no `StreamerError`.
   */
  protected encodeRaw<M extends Encoded>(
    messages: readonly WireMessage[],
    toBroker: (message: WireMessage, metadata: EventMetadata) => M,
    mostBytes = Infinity
  ): M[] {
    const most = Math.min(mostBytes, this.settings.maxEventBytes)
    return messages.map((message) => {
      const { id, type, source, time, correlationid: correlationId } = message.attributes
      const metadata = { id, type, source, time, correlationId }
      const at = shownType(metadata)
      try {
        const marked = markedAsReplayed(message)
        assertCarriable(marked, at)
        return this.fitting(toBroker(marked, metadata), most, at)
      } catch (thrown) {
        throw notEncodable(thrown, at)
      }
    })
  }

  /**
   * A record of a topic as the event that `poll` returns; `eventId` settles it. A record that cannot be read is returned too, to become one dead
   * letter: see `receivedRecord`. Rejects only with what may pass, as a registry that is away.
   */
  protected decode<R, M extends ReadMessage>(
    record: R,
    form: RecordForm<R, M>,
    topic: string,
    eventId: string
  ): ExternalEvent | Promise<ExternalEvent> {
    return receivedRecord(record, { form, codec: this.codecFor(topic), from: this.receivedFrom(topic, eventId) })
  }

  /** What an event of a topic says of where it came from. */
  protected receivedFrom(topic: string, eventId: string): ReceivedFrom {
    const mostUnpackedBytes = Math.max(this.settings.maxEventBytes, MOST_UNPACKED_BYTES)
    return { streamerId: this.context?.streamerId ?? '', topic, eventId, mostUnpackedBytes }
  }

  private fitting<M extends Encoded>(message: M, most: number, type: string): M {
    if (message.bytes <= most) return message
    throw new StreamerError('EVENT_TOO_LARGE', `An event has ${message.bytes} bytes; the most is ${most}.`, {
      at: type,
      hint: this.tooLargeHint,
    })
  }
}

function notEncodable(thrown: unknown, type: string): StreamerError {
  if (isStreamerError(thrown)) return thrown
  return new StreamerError('EVENT_NOT_ENCODABLE', `The event cannot be written: ${classOf(thrown)}.`, {
    at: type,
    hint: 'Check the event and its headers. The stack of the cause shows where writing failed.',
    cause: withoutWords(thrown),
  })
}
