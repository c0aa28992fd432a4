/** Hands on the journey that a line of a service's output tells, and says whether it told one. */
export function readJourney(line, onJourney) {
  if (!line.startsWith('{"journey":')) return false
  onJourney?.(JSON.parse(line).journey)
  return true
}

/** The way of an event, as `blog → main/posts → newsletter`. */
export function wayOf({ from, address, to }) {
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

/** The ways that each post goes where some programs take part besides the services of the blog. */
export function waysWith({ digest, readers }) {
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
  #latencies = new Map()
  #arrivals = new Map()
  #awaited = new Map()
  #ways

  /** Of posts that each go `ways`. */
  constructor(ways) {
    this.#ways = ways
  }

  add(journey) {
    const way = wayOf(journey)
    this.#latencies.set(way, [...(this.#latencies.get(way) ?? []), journey.ms])
    const arrivals = (this.#arrivals.get(journey.subject) ?? new Set()).add(way)
    this.#arrivals.set(journey.subject, arrivals)
    if (this.#ways.every((one) => arrivals.has(one))) this.#awaited.get(journey.subject)?.()
  }

  /** Resolves when a post has gone every way. To be called before it is created. */
  whole(postId) {
    return new Promise((resolve) => this.#awaited.set(postId, resolve))
  }

  /** Median and maximum latency in milliseconds; undefined if nothing went that way. */
  latencyOf(way) {
    const sorted = [...(this.#latencies.get(way) ?? [])].sort((a, b) => a - b)
    return { median: sorted[Math.floor((sorted.length - 1) / 2)], max: sorted.at(-1) }
  }
}
