import type { StreamerHealth } from '@boostercloud/streamer-connector'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { DriverAdmin } from '../client'
import type { Subscription } from '../consume'

type Details = Record<string, string | number | boolean>

/** What is looked at. */
export interface HealthOptions {
  readonly admin: Pick<DriverAdmin, 'ping' | 'ranges' | 'committed'>
  readonly groupId: string
  readonly subscriptions: ReadonlyMap<string, Subscription>
  readonly stallMs: number
  /** How long the cluster may take for its answers; milliseconds. */
  readonly limitMs: number
}

/** Asks the cluster, once at a time, and looks whether what there is also comes. */
export class HealthCheck {
  private asking?: Promise<StreamerHealth>

  public constructor(private readonly options: HealthOptions) {}

  /** Never rejects. */
  public async now(): Promise<StreamerHealth> {
    const { limitMs } = this.options
    this.asking ??= this.ask().finally(() => (this.asking = undefined))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<StreamerHealth>((resolve) => {
      const details = { connected: false, error: `no answer within ${limitMs} ms` }
      timer = setTimeout(() => resolve({ healthy: false, details }), limitMs)
    })
    try {
      return await Promise.race([this.asking, late])
    } finally {
      clearTimeout(timer)
    }
  }

  private async ask(): Promise<StreamerHealth> {
    const { admin, subscriptions } = this.options
    const details: Details = { connected: false }
    let healthy = true
    try {
      await admin.ping()
      details.connected = true
      for (const [topic, subscription] of subscriptions) {
        await this.measure(topic, subscription)
        healthy = this.look(topic, subscription, details) && healthy
      }
      return { healthy, details }
    } catch (thrown) {
      const { code = String(thrown), at = '' } = isStreamerError(thrown) ? thrown : {}
      return { healthy: false, details: { ...details, error: code, at } }
    }
  }

  /** Notes how far each partition is there and committed. */
  private async measure(topic: string, { partitions }: Subscription): Promise<void> {
    const { admin, groupId } = this.options
    if (partitions.size === 0) return
    const [ranges, committed] = await Promise.all([admin.ranges(topic), admin.committed(groupId, topic)])
    for (const { partition: id, first, end } of ranges) {
      partitions.get(id)?.measured(first, end, committed.find(({ partition }) => partition === id)?.offset)
    }
  }

  private look(topic: string, subscription: Subscription, details: Details): boolean {
    const { stallMs } = this.options
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
}

function tellIdentity(topic: string, { renewedAt, isTopicUnknowable }: Subscription, details: Details): void {
  if (renewedAt) details[`${topic}.madeAgain`] = renewedAt.toISOString()
  if (isTopicUnknowable) details[`${topic}.id`] = 'unknown'
}
