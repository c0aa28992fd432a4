import type {
  Address,
  EventRecorder,
  StreamerConnector,
  StreamerCapabilities,
  Streamers,
  Declared,
} from '@boostercloud/streamer-connector'
import type { ObserveOptions } from '../observe'
import type { Link, RetryPolicy } from '../receive'
import type { StateProvider } from '../state'

/**
 * What an event may require of every streamer it goes to; checked at boot.
 * @public
 */
export type RequiredCapabilities = Partial<Pick<StreamerCapabilities, 'ordering' | 'durable' | 'replay'>>

/**
 * `@Event({ … })`.
 * @public
 */
export interface EventOptions<A extends Address = Address> {
  /** Where events of this class are published, after they are stored: one address or several. */
  readonly streamTo: A | readonly A[]
  /** Capabilities that each of these streamers must have. Default: none. */
  readonly requires?: RequiredCapabilities
}

/**
 * Where a handler begins that has not been there before.
 * @public
 */
export type StartAt = 'first' | 'last' | Date

/**
 * How events are received: for a service, a streamer, or one handler; the narrower wins, option by option.
 * @public
 */
export interface HandlingOptions {
  /** Default: 8 attempts, 200 ms before the second, three times that before each further one, at most a minute, jitter 0.2; every error is tried again. */
  readonly retry?: Partial<RetryPolicy>
  /**
   * How many runs of a handler with an event may begin and not end, because the process ends during them, before the event is a dead letter.
   * Only runs count that nothing else ran beside: after such an end, what was claimed and not finished is run one at a time, until each has passed.
   * A service that is stopped by a signal counts nothing. Default 5.
   */
  readonly maxStarts?: number
  /**
   * How long a run of a handler may take, in milliseconds. One that takes longer has failed: `metadataOf(event).signal` aborts, and what the run
   * comes to is discarded. It is tried again when the run has really ended; until then its key waits, and it takes up one of the handlers that may
   * run at once. Default: as long as it likes.
   */
  readonly timeoutMs?: number
  /** What a dead letter does to the events of its key that follow: `hold` (default) parks them, `continue` lets them pass. */
  readonly afterDeadLetter?: Link['afterDeadLetter']
  /** How many events may wait behind a dead letter; those beyond become dead letters too. Default 10,000. */
  readonly holdLimit?: number
  /**
   * How long an event waits whose version is newer than this service knows, in milliseconds: a producer that is deployed first. Its
   * tries do not count. Then it becomes a dead letter. Default 7 days.
   */
  readonly newerVersionLimitMs?: number
}

/**
 * How one handler's events are received.
 * @public
 */
export interface OwnHandlingOptions extends HandlingOptions {
  /**
   * What the handler is known by in the state and to operators: what it has handled, what is parked for it and where it reads are kept under this
   * name. Default: the class's name, which is then its identity: when you rename the class, keep the old name here, or run
   * `boost-streamers links rename OLD NEW`. One handler of a service has a name; letters, digits and `_ - . $`, 200 of them at most.
   */
  readonly name?: string
  /**
   * Where this handler begins: at the first event there is, behind the last one, or with the first one published at or after a time.
   * It then reads at a position of its own. Default: with the other handlers of the address; the first one of an address begins
   * at its first event.
   */
  readonly startAt?: StartAt
  /** Whose events are taken (CloudEvents `source`); others become dead letters. Default: everybody's. */
  readonly allowedSources?: readonly string[]
  /**
   * What else the events of `eventType` are called on the wire, beside the type of that class: by other producers, as `'com.acme.PostLiked'`, or
   * before it was renamed. Only with `eventType`. Default: nothing else.
   */
  readonly types?: readonly string[]
  /** How many runs of this handler there may be at once, in each process. Default: as many as of its address. */
  readonly concurrency?: number
  /**
   * How many runs of this handler may begin in a second, in each process, evenly: for what it calls. A run of `handleBatch` is one. Others of the address
   * are not held back; its own events wait in memory, and are parked where there is no more room. Default: as many as there are.
   */
  readonly maxPerSecond?: number
  /** How many events `handleBatch` is given at once at most. Default 100. */
  readonly batchSize?: number
  /** Whether a typed handler's events are checked against their class, by its schema where the build has written one. Default true. */
  readonly checkFields?: boolean
}

/**
 * How a streamer's events are received.
 * @public
 */
export interface ReceivingOptions extends HandlingOptions {
  /** Keys handled at once, for each address. Default 16. */
  readonly concurrency?: number
}

/**
 * `config.streaming`: everything has a default.
 * @public
 */
export interface StreamingOptions {
  /**
   * Where pending marks, inbox, park, dead letters and positions are kept. Default: embedded, on SQLite, in `.booster/streamers` in
   * the app's folder. A path: embedded, in that folder. Else what a package provides, as `PostgresState.at({ url })`, which the
   * replicas of a service share.
   */
  readonly state?: string | StateProvider
  /**
   * Whether this service is functions that a cloud calls, so that a streamer which only pushes delivers too. Default false. Who deploys the
   * service says so, as `streamOnAws`.
   */
  readonly invoked?: boolean
  /** How long running handlers may take to finish at shutdown, in milliseconds. Default 10,000. */
  readonly drainMs?: number
  /**
   * How long an event is remembered as handled, in milliseconds. Must exceed the time after which a broker may still deliver
   * an event again. Default 14 days.
   */
  readonly inboxRetentionMs?: number
  /** How long a dead letter that holds no key is kept, in milliseconds. Default 30 days. */
  readonly deadLetterRetentionMs?: number
  /**
   * How its lines are logged. `text`: by Booster's logger. `json`: a JSON object a line, warnings and errors on standard error, with `time`, `level`, `service`, `environment`,
   * `message`, the fields of the line and `error`. Default `text`.
   */
  readonly logFormat?: 'text' | 'json'
  /** How it shows how it is. Default: by Booster's health sensor, and by OpenTelemetry where the app has set it up. */
  readonly observe?: ObserveOptions
  /**
   * Keeps the events of this service's addresses permanently, as `Lake.with({ path })` of `@boostercloud/streamers-lake`. It reads in a group of its own, so handlers are
   * given all of their events, and starts and stops with the service. Default: nothing is kept.
   */
  readonly lake?: EventRecorder
  /** For every streamer. */
  readonly receiving?: ReceivingOptions
  /** For one streamer, by its id. */
  readonly streamers?: Readonly<Record<string, ReceivingOptions>>
}

/**
 * `config.streamers`: exactly those that the app has declared in `interface Streamers`; any, if it has declared none.
 * @public
 */
export type ConfiguredStreamers = Declared extends true
  ? { [S in keyof Streamers]: StreamerConnector }
  : Record<string, StreamerConnector>

declare module '@boostercloud/framework-types' {
  interface BoosterConfig {
    /** The streamers of this app, by the ids that addresses begin with. */
    streamers?: ConfiguredStreamers
    /** How this service streams. */
    streaming?: StreamingOptions
  }
}
