/** Partitions of the topic. */
export const PARTITIONS = 4
/** What the bare client and the connector tell their producers: nothing is written twice. The peers' documentation does not ask for it. */
export const PRODUCER = { idempotent: true } as const
/** What the bare client and the connector fetch of a partition at once when polling alone is measured; the connector's default, kafkajs's is 1 MB. */
export const FETCH_BYTES = 131_072
/** `acks` of every send: all replicas. */
export const ACKS = -1
