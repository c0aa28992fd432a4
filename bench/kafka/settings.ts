/** Partitions of the topic. */
export const PARTITIONS = 4
/** What the bare client and the connector tell their producers: nothing is written twice. The peers' documentation does not ask for it. */
export const PRODUCER = { idempotent: true } as const
/** `acks` of every send: all replicas. */
export const ACKS = -1
