import type { Codec, Credentials, CredentialsProvider } from '@boostercloud/streamer-connector'
import type { KafkaKeyCodec } from './key-codec'

/**
 * What `KafkaStreamer.with` takes.
 * @public
 */
export interface KafkaStreamerOptions {
  /** Where the cluster is first asked, as `['kafka-1:9092', 'kafka-2:9092']`. */
  readonly brokers: readonly string[]
  /** What the brokers know this program by, in their logs and quotas. Default: the name of the service; outside of one, `booster-streamers`. */
  readonly clientId?: string
  /** `true`: TLS with the authorities that Node trusts; an object: TLS as it says. Default: none. */
  readonly ssl?: boolean | KafkaTls
  /** How the program says who it is. Default: not at all. */
  readonly sasl?: KafkaSasl | KafkaSaslProvider
  /** What single topics have, by their names; `'*'` is for every topic that has no entry of its own. */
  readonly topics?: Readonly<Record<string, KafkaTopic>>
  /** The topic of an address that names none. Default: none, and every address must name its topic. */
  readonly defaultTopic?: string
  /** Bytes ↔ event. Default `cloudEvents`. */
  readonly codec?: Codec
  /** Bytes ↔ key, for publishing and receiving. Default `utf8`. */
  readonly keyCodec?: KafkaKeyCodec
  /** The CloudEvents `source` of events that carry none. Default: the name of the service; outside of one, `unknown`. */
  readonly source?: string
  /**
   * The largest event taken, in encoded bytes: body, key and headers. Default 1 000 000, at most 100 000 000; it must fit the brokers'
   * `message.max.bytes`, whose default is 1 048 588 with what Kafka adds.
   */
  readonly maxEventBytes?: number
  readonly producer?: KafkaProducerOptions
  readonly consumer?: KafkaConsumerOptions
  /** How long a connection may take to be made; milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number
  /** How long a broker may take for an answer; milliseconds. Default 10 000. */
  readonly requestTimeoutMs?: number
  /** How long nothing may come from a topic that has something, until that is unhealthy; milliseconds. Default 30 000. */
  readonly stallMs?: number
}

/**
 * TLS as Node's `tls.connect` has it.
 * @public
 */
export interface KafkaTls {
  /** The authorities to trust, PEM. Default: those that Node trusts. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[]
  /** This program's certificate, PEM, where the brokers ask for one. */
  readonly cert?: string | Uint8Array
  /** Its key, PEM. */
  readonly key?: string | Uint8Array
  /** What the key is locked with. */
  readonly passphrase?: string
  /** The name that the brokers' certificates have. Default: the host that is connected to. */
  readonly servername?: string
  /** Whether a certificate must be trusted. Default true. */
  readonly rejectUnauthorized?: boolean
}

/**
 * SASL with a name and a password. `plain` sends both as they are: only over TLS.
 * @public
 */
export interface KafkaSasl extends Credentials {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
}

/**
 * SASL with a name and a password that are asked for before each connection, and before a connection authenticates again (`connections.max.reauth.ms`). So a password can be rotated
 * without a restart.
 * @public
 */
export interface KafkaSaslProvider extends Pick<KafkaSasl, 'mechanism'> {
  readonly credentials: CredentialsProvider
}

/**
 * What one topic has of its own. All but the codecs is for `provision`, and only for a topic that is not there yet.
 * @public
 */
export interface KafkaTopic {
  /** Bytes ↔ event. Default: the streamer's. */
  readonly codec?: Codec
  /** Bytes ↔ key. Default: the streamer's. */
  readonly keyCodec?: KafkaKeyCodec
  /** Into how many partitions it is made. Default: the broker's. */
  readonly partitions?: number
  /** On how many brokers each partition is. Default: the broker's. */
  readonly replicationFactor?: number
  /** How long its events stay; milliseconds, -1 for ever. Default: the broker's. */
  readonly retentionMs?: number
  /** Other settings of the topic, as Kafka names them: `{ 'cleanup.policy': 'compact' }`. */
  readonly config?: Readonly<Record<string, string>>
  /**
   * Whether a topic that is there with fewer partitions is given more. From then on a key may be in another partition than before, so
   * that its new events may overtake the last ones of before. Default false: it stays as it is.
   */
  readonly addPartitions?: boolean
}

/**
 * How events are sent.
 * @public
 */
export interface KafkaProducerOptions {
  /** Default `none`. */
  readonly compression?: 'none' | 'gzip'
  /**
   * How long a request is held for more events; milliseconds. Default 0: what comes alone is sent at once, and what comes while a request is on
   * its way, a millisecond or two, goes together with the next one.
   */
  readonly lingerMs?: number
  /** The most events of one request. Default 1000. */
  readonly batchEvents?: number
  /** The most bytes of one request, unless a single event is larger. Default 1 000 000. */
  readonly batchBytes?: number
  /** How long events may be on their way before `publish` rejects and it is not known whether they are there; milliseconds. Default 30 000. */
  readonly timeoutMs?: number
}

/**
 * How events are taken in.
 * @public
 */
export interface KafkaConsumerOptions {
  /** The consumer group. Default: the name of the service and its environment, as `blog-production`. */
  readonly groupId?: string
  /** Where a group begins that has never read a topic: the first event there is, the next one, or the first one since a time. Default `first`. */
  readonly startAt?: 'first' | 'last' | Date
  /** How long a `poll` waits for its first event; milliseconds. Default 1000. */
  readonly pollWaitMs?: number
  /** The most events that one `poll` returns. Default 500. */
  readonly pollBatch?: number
  /** How much of a topic is held ready for the next polls; bytes, beyond what one answer of a broker brings. Default 4 000 000. */
  readonly bufferBytes?: number
  /** How often the settled mark is committed while it moves; milliseconds. Default 500. */
  readonly commitIntervalMs?: number
  /** After how long without a sign the group gives a member's partitions to others; milliseconds. A slow handler does not stop the signs. Default 10 000. */
  readonly sessionTimeoutMs?: number
  /** How often a member gives a sign, and so how soon it sees that the group changes; milliseconds. Default 1000. */
  readonly heartbeatIntervalMs?: number
  /** How long a broker may hold a request while it has nothing new; milliseconds. New events are sent at once. Default 250. */
  readonly fetchWaitMs?: number
  /**
   * How much of a partition a broker sends at once; bytes, unless a single batch is larger. Default 131 072: records that wait for long cost the
   * garbage collector more than to ask again costs a broker nearby. A distant one is asked less often with more.
   */
  readonly fetchBytes?: number
  /**
   * The most bytes that a compressed batch may take unpacked, at least 300 for each record and 100 for each header; a larger one becomes one dead letter
   * that names its offsets. Default 64 000 000.
   */
  readonly maxUnpackedBytes?: number
  /** How often a reader asks which partitions its topic has, and so how soon it reads new ones; milliseconds. Default 5000. */
  readonly metadataMaxAgeMs?: number
}
