import type { StreamerHealth } from '@boostercloud/streamer-connector'
import { isStreamerError, errorName } from '@boostercloud/streamer-connector'
import type { DriverAdmin } from '../client'
import type { Subscription } from '../consume'

type Details = Record<string, string | number | boolean>

/** What is looked at. */
export interface HealthOptions {
  readonly admin: Pick<DriverAdmin, 'ping' | 'ranges' | 'committed'>
  readonly groupId: string
  readonly subscriptions: ReadonlyMap<string, Subscription>
  /** How long nothing may come of what there is; milliseconds. */
  readonly stallMs: number
}

/** Asks the cluster, and looks whether what there is also comes. Never rejects. */
export async function healthOf(options: HealthOptions): Promise<StreamerHealth> {
  const { admin, subscriptions } = options
  const details: Details = { connected: false }
  let healthy = true
  try {
    await admin.ping()
    details.connected = true
    for (const [topic, subscription] of subscriptions) {
      await measure(topic, subscription, options)
      healthy = look(topic, subscription, { details, stallMs: options.stallMs }) && healthy
    }
    return { healthy, details }
  } catch (thrown) {
    const { at = '' } = isStreamerError(thrown) ? thrown : {}
    return { healthy: false, details: { ...details, error: errorName(thrown), at } }
  }
}

/** Notes how far each partition is there and committed. */
async function measure(topic: string, { partitions }: Subscription, { admin, groupId }: HealthOptions): Promise<void> {
  if (partitions.size === 0) return
  const [ranges, committed] = await Promise.all([admin.ranges(topic), admin.committed(groupId, topic)])
  for (const { partition: id, first, end } of ranges) {
    partitions.get(id)?.measured(first, end, committed.find(({ partition }) => partition === id)?.offset)
  }
}

function look(
  topic: string,
  subscription: Subscription,
  { details, stallMs }: { readonly details: Details; readonly stallMs: number }
): boolean {
  const { failure, isJoined, silence, partitions, readAhead } = subscription
  const now = performance.now()
  const all = [...partitions.values()]
  details[`${topic}.joined`] = isJoined
  tellIdentity(topic, subscription, details)
  details[`${topic}.lag`] = all.reduce((lag, partition) => lag + partition.lag, 0)
  for (const { id, lag } of all) details[`${topic}.lag.${id}`] = lag
  const isStalled =
    silence.elapsedMs > stallMs || (readAhead.hasRoom && all.some((partition) => partition.stalledMs(now) > stallMs))
  if (isStalled) details[`${topic}.stalled`] = true
  if (failure) {
    details.error = failure.code
    details.at = failure.at ?? `topic ${topic}`
    if (failure.hint !== undefined) details.hint = failure.hint
  }
  return !isStalled && failure === undefined
}

function tellIdentity(topic: string, { renewedAt, isTopicUnknowable }: Subscription, details: Details): void {
  if (renewedAt) details[`${topic}.madeAgain`] = renewedAt.toISOString()
  if (isTopicUnknowable) details[`${topic}.id`] = 'unknown'
}
