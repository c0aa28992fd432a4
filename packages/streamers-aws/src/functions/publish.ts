import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { EventEnvelope } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { InvokedApp } from '@boostercloud/streamers/runtime'
import { timeoutMs } from './call'

/** How long a broker may take before what it is to take becomes pending; at most a third of the function's time. */
const BROKER_MS = 10_000

/**
 * Publishes what the stream of the events table tells of, in its order. A broker that is away is no failure here: what it does not take is
 * pending, and published by the schedule. Rejects where the state fails: then the stream hands over the same batch again.
 */
export async function publish(app: InvokedApp, request: unknown): Promise<void> {
  await app.publishStored(storedIn(request), Math.min(BROKER_MS, timeoutMs() / 3))
}

interface StreamRecord {
  readonly eventName?: string
  readonly dynamodb?: { readonly NewImage?: Record<string, AttributeValue> }
}

/**
 * The events that were stored, without what else is in the same table (snapshots) or happens to it (changes, deletions).
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
function storedIn(request: unknown): EventEnvelope[] {
  const { Records } = (request ?? {}) as { Records?: readonly StreamRecord[] }
  if (!Array.isArray(Records)) {
    throw new StreamerError(
      'EVENT_UNDECODABLE',
      'This is not what Lambda passes to a function for a stream of DynamoDB.',
      {
        at: 'Records',
        hint: 'Map the stream of the events table to this function.',
      }
    )
  }
  return (Records as readonly StreamRecord[]).flatMap(({ eventName, dynamodb }) => {
    if (eventName !== 'INSERT' || !dynamodb?.NewImage) return []
    // As Booster reads it, numbers that are too large lose digits instead of being refused.
    const envelope = unmarshall(dynamodb.NewImage, { wrapNumbers: Number }) as unknown as EventEnvelope
    return envelope.kind === 'event' ? [envelope] : []
  })
}
