import type { Program } from '../../support/child-process'
import type { Journey } from '../../support/journey'

/** The way of an event, as `blog → main/posts → newsletter`. */
export function wayOf({ from, address, to }: Pick<Journey, 'from' | 'address' | 'to'>): string {
  return `${from} → ${address} → ${to}`
}

/** Every way that a post, or what follows from it, can go. */
export const WAYS = {
  toNewsletter: wayOf({ from: 'blog', address: 'main/posts', to: 'newsletter' }),
  toAudit: wayOf({ from: 'blog', address: 'main/posts', to: 'audit' }),
  toDigest: wayOf({ from: 'blog', address: 'main/posts', to: 'digest' }),
  onToAudit: wayOf({ from: 'newsletter', address: 'main/newsletter', to: 'audit' }),
  toReaders: wayOf({ from: 'blog', address: 'main/posts', to: 'readers' }),
  backFromReaders: wayOf({ from: 'readers', address: 'main/likes', to: 'reactions' }),
}

/** Programs that take part besides the services of the blog. */
export interface Programs {
  readonly digest?: boolean
  readonly readers?: Program
}

/** The ways that each post goes where some programs take part besides the services of the blog. */
export function waysWith({ digest, readers }: Programs): string[] {
  const { toNewsletter, toAudit, toDigest, onToAudit, toReaders, backFromReaders } = WAYS
  return [
    toNewsletter,
    toAudit,
    onToAudit,
    ...(digest ? [toDigest] : []),
    ...(readers ? [toReaders, backFromReaders] : []),
  ]
}

/** The journeys seen so far. */
export class Journeys {
  private readonly latencies = new Map<string, number[]>()
  private readonly arrivals = new Map<string, Set<string>>()
  private readonly awaited = new Map<string, () => void>()

  /** Of posts that each go `ways`. */
  public constructor(private readonly ways: readonly string[]) {}

  public add(journey: Journey): void {
    const way = wayOf(journey)
    this.latencies.set(way, [...(this.latencies.get(way) ?? []), journey.ms])
    const arrivals = (this.arrivals.get(journey.subject) ?? new Set<string>()).add(way)
    this.arrivals.set(journey.subject, arrivals)
    if (this.ways.every((one) => arrivals.has(one))) this.awaited.get(journey.subject)?.()
  }

  /** Resolves when a post has gone every way. To be called before it is created. */
  public whole(postId: string): Promise<void> {
    return new Promise((resolve) => this.awaited.set(postId, resolve))
  }

  /** Median and maximum latency in milliseconds; undefined if nothing went that way. */
  public latencyOf(way: string): { median?: number; max?: number } {
    const sorted = [...(this.latencies.get(way) ?? [])].sort((a, b) => a - b)
    return { median: sorted[Math.floor((sorted.length - 1) / 2)], max: sorted[sorted.length - 1] }
  }
}
