import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge'
import type { Codec } from '@boostercloud/streamer-connector'

/**
 * What `EventBridgeStreamer.with` takes.
 * @public
 */
export interface EventBridgeStreamerOptions {
  /** The region, as `eu-west-1`. Default: what the AWS SDK finds, as `AWS_REGION`. */
  readonly region?: string
  /** The name of the event bus of all topics. Default `default`, which every account has. */
  readonly eventBus?: string
  /** Another address for EventBridge and SQS both, as `http://127.0.0.1:5000`: an emulator. Default: AWS's own. */
  readonly endpoint?: string
  /** Who asks. Default: what the AWS SDK finds: the environment, a profile, a role. */
  readonly credentials?: EventBridgeClientConfig['credentials']
  /**
   * What rules and queues are named after: one of each per topic, as `QUEUE-TOPIC`. Default: the name of the service and its environment, as
   * `blog-production`; outside of one, `unknown`. At most 40 letters, digits, `-` and `_`.
   */
  readonly queue?: string
  /** Topics that are made in another way than the others, as those of AWS's services. */
  readonly topics?: Readonly<Record<string, EventBridgeTopic>>
  /** Whether buses, rules, queues, their permissions and archives are made where they are missing. Default true. */
  readonly declare?: boolean
  /** Keeps the events of every topic, so that they can be replayed; AWS charges for that. Default: nothing is kept. */
  readonly archive?: EventBridgeArchive
  /** The topic of an address that names none. Default: none, and every address must name its topic. */
  readonly defaultTopic?: string
  /** Bytes ↔ event. Default `cloudEvents`. */
  readonly codec?: Codec
  /** The CloudEvents `source` of events that carry none. Default: the name of the service; outside of one, `unknown`. */
  readonly source?: string
  /**
   * The largest event taken, as AWS counts an entry: source, detail type and detail. What is delivered has the envelope besides, and must fit
   * into a message of SQS (1 MiB). Default 1 000 000; AWS's own limit is 1 MB, and 256 KB where that has not come yet.
   */
  readonly maxEventBytes?: number
  /** How many requests may be on their way to EventBridge at once, of up to ten events each. Default 5. */
  readonly maxInFlight?: number
  /** How long a `publish` may take, waiting where AWS throttles included; milliseconds. Default 10 000. */
  readonly publishTimeoutMs?: number
  /**
   * How long AWS may take to answer any other request, tries of the SDK included, and beyond what it was asked to wait; milliseconds. Default 15 000.
   */
  readonly requestTimeoutMs?: number
  /**
   * How long SQS keeps a message from others that a process was given and that it does not ask to keep longer; seconds. A running process asks in
   * time, however long a handler takes: this is how long the events of a process that was killed are held up. Default 30.
   */
  readonly visibilitySeconds?: number
  /** How long a queue that is made keeps what nobody has settled; seconds, at most 14 days. Default 1 209 600, which is 14 days. */
  readonly retentionSeconds?: number
  /** The most events of a topic in this process: read ahead, or handed out and not settled. Default 1000. */
  readonly prefetch?: number
  /** How long a `poll` waits for its first event; milliseconds. Default 1000. */
  readonly pollWaitMs?: number
  /** The most events that one `poll` returns. Default 500. */
  readonly pollBatch?: number
  /** How long nothing may come from a queue that has something, until that is unhealthy; milliseconds. Default 30 000. */
  readonly stallMs?: number
}

/**
 * How long an archive keeps events.
 * @public
 */
export interface EventBridgeArchive {
  /** Whole days from 1; default: for ever. An archive that was made keeps what it was made with. */
  readonly retentionDays?: number
}

/**
 * One topic that is not made as the others. What is missing is as for any topic.
 * @public
 */
export interface EventBridgeTopic {
  /** Its event bus; AWS's services have theirs on `default`, partners on a bus of their own. */
  readonly eventBus?: string
  /** EventBridge's `source`, of what is published and of what the rule matches. Default: the topic's name. */
  readonly source?: string
  /** What its rule matches, in place of the source. See AWS's event patterns. */
  readonly pattern?: EventPattern
  /** The class for a detail type that is no class's name, as `{ 'Object Created': 'ObjectCreated' }`. */
  readonly types?: Readonly<Record<string, string>>
  /** The whole name of its queue. */
  readonly queue?: string
  /** Whether its bus, rule, queue and archive are made where they are missing. */
  readonly declare?: boolean
  /** Bytes ↔ event. Default: the streamer's. */
  readonly codec?: Codec
}

/**
 * An event pattern of EventBridge, as `{ source: ['aws.s3'], 'detail-type': ['Object Created'] }`.
 * @public
 */
export type EventPattern = Readonly<Record<string, unknown>>
