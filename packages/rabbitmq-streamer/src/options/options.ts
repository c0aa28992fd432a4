import type { ConnectionOptions } from 'node:tls'
import type { Codec, CredentialsProvider } from '@boostercloud/streamer-connector'

/**
 * What `RabbitMQStreamer.with` takes.
 * @public
 */
export interface RabbitMQStreamerOptions {
  /**
   * The server, as `amqp://user:password@host:5672/vhost` or `amqps://…`. What its query says (`heartbeat`, `frameMax`, `channelMax`) is
   * taken too. This or `urls` must be given.
   */
  readonly url?: string
  /** The servers of a cluster, tried in this order, beginning with the one that was there last. */
  readonly urls?: readonly string[]
  /** The durable topic exchange that all topics are published to. Default `streamers`. */
  readonly exchange?: string
  /**
   * What queues are named after: a queue per topic, as `QUEUE.TOPIC`. Default: the name of the service and its environment, as
   * `blog-production`; outside of one, `unknown`.
   */
  readonly queue?: string
  /** Topics that are made in another way than the others. */
  readonly topics?: Readonly<Record<string, RabbitMQTopic>>
  /** Whether exchanges, queues and bindings are made where they are missing. Default true; `false` for those of others. */
  readonly declare?: boolean
  /** Arguments of the queues that are made, as `{ 'x-max-length': 1_000_000 }`. Default: none beside the streamer's own. */
  readonly queueArguments?: Readonly<Record<string, string | number | boolean>>
  /**
   * `key`: a queue has a single active consumer; replicas stand by, and events stay in order. `none`: replicas compete for the events of a
   * topic, and nothing is in order. A queue keeps what it was made with. Default `key`.
   */
  readonly ordering?: 'key' | 'none'
  /**
   * What becomes of an event that no queue takes, as nobody listens to its topic. `ignore`: it is gone, as RabbitMQ has it. `reject`:
   * `publish` rejects, and the event is to be sent again. Default `ignore`.
   */
  readonly unroutable?: 'ignore' | 'reject'
  /** The topic of an address that names none. Default: none, and every address must name its topic. */
  readonly defaultTopic?: string
  /** Bytes ↔ event. Default `cloudEvents`. */
  readonly codec?: Codec
  /** The CloudEvents `source` of events that carry none. Default: the name of the service; outside of one, `unknown`. */
  readonly source?: string
  /** Certificates, for `amqps:`. Default: the system's authorities, and none of the client's own. */
  readonly tls?: RabbitMQTls
  /** Who the client is: what the URL says, or what its certificate says (SASL EXTERNAL). Default `password`. */
  readonly auth?: 'password' | 'certificate'
  /**
   * Returns user and password before each attempt to connect, in place of those of the URL. So a password can be rotated without a restart. Default: those of the URL.
   */
  readonly credentials?: CredentialsProvider
  /** How often both sides must be heard, in seconds; twice this in silence is a lost connection. 0: never. The URL's query comes first. Default 10. */
  readonly heartbeatSeconds?: number
  /** How long connecting to one server may take; milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number
  /** The largest event taken, in encoded bytes: body, key and headers. The server's `max_message_size` bounds it too. Default 1 000 000. */
  readonly maxEventBytes?: number
  /** How many events may be on their way to the server, not confirmed, at once. Default 1000. */
  readonly maxInFlight?: number
  /** How long a `publish` may take, waiting for a connection or a blocked server included; milliseconds. Default 10 000. */
  readonly publishTimeoutMs?: number
  /**
   * How many events of a topic the server hands over before the first of them is settled. Replicas of a service should agree on it: order
   * holds through a failover only to a replica whose number is not smaller. Default 2000.
   */
  readonly prefetch?: number
  /** How long a `poll` waits for its first event; milliseconds. Default 1000. */
  readonly pollWaitMs?: number
  /** The most events that one `poll` returns. Default 500. */
  readonly pollBatch?: number
  /** How long nothing may come from a queue that has something for nobody else, until that is unhealthy; milliseconds. Default 30 000. */
  readonly stallMs?: number
}

/**
 * One topic that is not made as the others. What is missing is as for any topic.
 * @public
 */
export interface RabbitMQTopic {
  /** Its exchange; `''` is RabbitMQ's default exchange, whose routing keys are names of queues. */
  readonly exchange?: string
  /** The type of its exchange, where that is made. Default `topic`. */
  readonly exchangeType?: 'topic' | 'direct' | 'fanout' | 'headers'
  /** What its events are published with. Default: the topic's name. */
  readonly routingKey?: string
  /** The whole name of its queue. */
  readonly queue?: string
  /** The routing keys that its queue is bound with; `*` stands for a word and `#` for any number of them. Default: the topic's name. */
  readonly bindings?: readonly string[]
  /** Whether they are made where they are missing. */
  readonly declare?: boolean
  /** Bytes ↔ event. Default: the streamer's. */
  readonly codec?: Codec
}

/**
 * As `node:tls` has them.
 * @public
 */
export type RabbitMQTls = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
>
