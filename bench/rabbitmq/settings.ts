/** How many events a consumer is given before the first of them is acknowledged. */
export const PREFETCH = 2_000
/** The exchange that the bare client and the connector publish to: the connector's default. */
export const EXCHANGE = 'streamers'
/** What a peer's queue is made with. */
export const QUORUM = { durable: true, arguments: { 'x-queue-type': 'quorum' } } as const

/** The queue of a group for a topic, as the connector names it. */
export function queueOf({ group, topic }: { readonly group: string; readonly topic: string }): string {
  return `${group}.${topic}`
}
