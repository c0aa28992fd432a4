import type { Cluster } from 'kafkajs'
import { typeOf } from '../kafkajs-errors'

/** What kafkajs takes as a sign to try no further. */
const GIVE_UP = 'KafkaJSNotImplemented'

/** An error for which kafkajs ends a consumer instead of trying again without an end. */
export function givingUp(cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { name: GIVE_UP, retriable: false })
}

/**
 * Has a consumer end when its topic is gone. kafkajs would ask for it without an end and say nothing; where it is made again meanwhile, it would
 * go on in the new one at the offset that it had in the old one. Changes this consumer's cluster only.
 */
export function endWithTopic(cluster: Cluster): void {
  const methods = ['refreshMetadata', 'refreshMetadataIfNecessary'] as const
  for (const method of methods) {
    const refresh = cluster[method].bind(cluster)
    cluster[method] = async () => {
      await refresh().catch((thrown: unknown) => {
        throw typeOf(thrown) === 'UNKNOWN_TOPIC_OR_PARTITION' ? givingUp(thrown as Error) : thrown
      })
    }
  }
}
