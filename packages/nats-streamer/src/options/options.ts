import type { Codec, CredentialsProvider } from '@boostercloud/streamer-connector'

/**
 * What `NatsStreamer.with` takes.
 * @public
 */
export interface NatsStreamerOptions {
  /**
   * One server or several of a cluster, as `nats://host:4222` or `tls://host:4222`. A user and password in the address are taken as
   * the options `user` and `pass`, where these are not given. There is no default.
   */
  readonly servers: string | readonly string[]
  /** The JetStream stream that has the events of all topics. Default `streamers`. */
  readonly stream?: string
  /**
   * The subject of a topic; `{topic}` stands for the topic. Default: the stream's name, a dot and the topic, as `streamers.{topic}`.
   * `{topic}` alone makes topics subjects, for streams that are there already.
   */
  readonly subject?: string
  /**
   * Whether the stream is made where it is missing, and given the subjects that it lacks, before a topic is used. What it is
   * otherwise stays. Default true; `false` for the streams of others.
   */
  readonly declare?: boolean
  /**
   * `key`: the events of a key stay in order; one reader of a service reads a topic, and its receiver keeps the position.
   * `none`: replicas compete for the events of a topic, the server keeps what is acknowledged, and nothing is in order. Default `key`.
   */
  readonly ordering?: 'key' | 'none'
  /**
   * The name under which one streaming state reads, with all its replicas; where `ordering` is `none`, they compete under it. Default: the service's name
   * and environment.
   */
  readonly group?: string
  /** The topic of an address that names none. Default: none, and every address must name its topic. */
  readonly defaultTopic?: string
  /** Bytes ↔ event. Default `cloudEvents`. */
  readonly codec?: Codec
  /** What single topics have of their own, by the names that addresses have, wildcards included. Default: nothing. */
  readonly topics?: Readonly<Record<string, NatsTopic>>
  /** The CloudEvents `source` of events that carry none. Default: the name of the service; outside of one, `unknown`. */
  readonly source?: string

  readonly user?: string
  readonly pass?: string
  readonly token?: string
  /**
   * Returns user and password before each attempt to connect, in place of those of the address. So a password can be rotated without a restart. Not together with `user`, `pass`,
   * `token`, `nkeySeed` or `credsFile`. Default: none.
   */
  readonly credentials?: CredentialsProvider
  /** The seed of an nkey, as `SU…`. */
  readonly nkeySeed?: string
  /** The path of a credentials file (a JWT and its nkey), read at each connecting. */
  readonly credsFile?: string
  /** Certificates. `true`: TLS with those of the system. Default: TLS where the server asks for it. */
  readonly tls?: boolean | NatsTls
  /** The subject prefix of answers, for accounts that may not listen to `_INBOX`. Default `_INBOX`. */
  readonly inboxPrefix?: string
  /** How long connecting to one server may take; milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number

  /** The largest event taken, in encoded bytes: body, key and headers. The server's `max_payload` bounds it too. Default 1 000 000. */
  readonly maxEventBytes?: number
  /** How many events may be on their way to the server at once; of one key it is one. Default 512. */
  readonly maxInFlight?: number
  /** How long the server may take to acknowledge an event; milliseconds. Default 5000. */
  readonly publishTimeoutMs?: number
  /** How long a `poll` waits for its first event; milliseconds. Default 1000. */
  readonly pollWaitMs?: number
  /** The most events that one `poll` returns. Default 500. */
  readonly pollBatch?: number
  /**
   * Where replicas compete: how long an event of a replica that died, or is cut off, waits until another is given it; milliseconds.
   * A handler may take longer: while the process lives it says so to the server. Default 30 000, at least 1000.
   */
  readonly ackWaitMs?: number

  /** Of a stream that is made: how many servers of a cluster keep it. Default 1. */
  readonly replicas?: number
  /** Of a stream that is made: `file`, or `memory`, which survives no restart of a single server. Default `file`. */
  readonly storage?: 'file' | 'memory'
  /** For a stream that is created: which events it deletes, whether or not they were read. Default: none. */
  readonly retention?: NatsRetention
  /** Of a stream that is made: how long an event that is published again is told by its id; milliseconds. Default 120 000. */
  readonly duplicateWindowMs?: number
}

/**
 * One topic that is not as the others. What is missing is as for any topic.
 * @public
 */
export interface NatsTopic {
  /** Bytes ↔ event. Default: the streamer's. */
  readonly codec?: Codec
}

/**
 * Certificates and keys, as paths of PEM files.
 * @public
 */
export interface NatsTls {
  /** Who is trusted besides the system's authorities. */
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  /** TLS before the server's first word, for servers that want it so. Default false. */
  readonly handshakeFirst?: boolean
}

/**
 * Which events may go, the oldest first.
 * @public
 */
export interface NatsRetention {
  /** Those published longer ago; milliseconds. */
  readonly maxAgeMs?: number
  /** Those that make the stream larger; bytes. */
  readonly maxBytes?: number
  /** Those that make them more. */
  readonly maxEvents?: number
}
