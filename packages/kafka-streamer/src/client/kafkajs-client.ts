import { Kafka, logLevel } from 'kafkajs'
import type { KafkaConfig, LogEntry, RetryOptions } from 'kafkajs'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { KafkaStreamerSettings } from '../options'
import { saslOf } from './kafkajs-sasl'

/** What a client is made of. */
export interface ClientSettings extends Pick<
  KafkaStreamerSettings,
  'brokers' | 'clientId' | 'ssl' | 'sasl' | 'connectTimeoutMs' | 'requestTimeoutMs'
> {
  readonly logger?: StreamerLogger
}

/** Who must not wait long. */
export const FEW_TRIES: RetryOptions = {
  retries: 4,
  initialRetryTime: 100,
  multiplier: 2,
  maxRetryTime: 1_000,
  factor: 0.2,
}

/** Who keeps trying, so that a member of a group stays the same member through an outage. */
export const MANY_TRIES: RetryOptions = { ...FEW_TRIES, retries: 1_000_000 }

/**
 * One kafkajs client, for one producer, consumer or admin: kafkajs keeps what a group has committed in the client, and two consumers of one
 * group would clear each other's.
 */
export class Client {
  public readonly kafka: Kafka
  private abandoned = false

  public constructor(settings: ClientSettings, retry: RetryOptions) {
    this.kafka = new Kafka({
      // kafkajs goes on connecting after it was disconnected while it did; it gives up at once where there is no broker.
      brokers: () => (this.abandoned ? [] : [...settings.brokers]),
      clientId: settings.clientId,
      ssl: settings.ssl as KafkaConfig['ssl'],
      sasl: settings.sasl && saslOf(settings.sasl, settings.connectTimeoutMs),
      connectionTimeout: settings.connectTimeoutMs,
      authenticationTimeout: settings.requestTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      retry,
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => tell(settings.logger, entry),
    })
  }

  /** Has it connect to nothing any more. */
  public abandon(): void {
    this.abandoned = true
  }
}

/** What kafkajs calls an error is, while it still tries, none: who is at fault is told by what rejects. */
function tell(logger: StreamerLogger | undefined, { namespace, log }: LogEntry): void {
  const { message, error } = log as { message: string; error?: unknown }
  logger?.debug(`kafkajs ${namespace}: ${message}${typeof error === 'string' ? ` (${error})` : ''}`)
}
