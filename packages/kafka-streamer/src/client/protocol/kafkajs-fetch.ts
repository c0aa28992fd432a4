import type { Cluster } from 'kafkajs'
import { Answer } from './answer'
import { askingOtherwise } from './kafkajs-exchange'
import type { Broker, Protocol } from './kafkajs-exchange'
import { BY_ID, fetchingById } from './kafkajs-fetch-by-id'
import { readRecords } from './record-batch'
import type { RecordLimits } from './record-batch'

/** What is read, and how much of it. */
export interface Fetching extends RecordLimits {
  readonly topic: string
  /** The topic's id; undefined while it is not known, and where brokers keep none. */
  readonly topicId: () => string | undefined
}

type Finding = (node: { nodeId: string }) => Promise<Broker>

/** From this version on, answers have batches of records; those before come of brokers older than 0.11. */
const WITH_BATCHES = 4
/** The last version that kafkajs knows. */
const BY_NAME = 11

/**
 * Has a consumer fetch its topic by the topic's id, where the brokers know ids (Kafka 3.1), so that nothing comes of another topic that was given
 * its name; and has what it fetches be read by {@link readRecords}, where kafkajs reads all other answers itself: its own reading collects
 * headers in a plain object, throws for names that every object has, unpacks without a bound, and one bad record stops its topic. Changes
 * this consumer's cluster only.
 */
export function readFetchedRecords(cluster: Cluster, fetching: Fetching): void {
  const finding = cluster as unknown as { findBroker: Finding }
  const find = finding.findBroker.bind(cluster)
  finding.findBroker = async (node) => {
    const broker = await find(node)
    const fetch = (request: unknown): Promise<unknown> => broker.fetch.call(asReader(broker, fetching), request)
    return Object.assign(Object.create(broker) as Broker, { fetch })
  }
}

/** The broker, with another reading of its answers. */
function asReader(broker: Broker, fetching: Fetching): Broker {
  return askingOtherwise(broker, (apiKey, definitions) => {
    const topicId = fetching.topicId()
    const byName = (version: number): Protocol => asReading(definitions.protocol({ version }), fetching)
    if (topicId === undefined)
      return broker.lookupRequest(apiKey, { ...definitions, protocol: (to) => byName(to.version) })
    return broker.lookupRequest(apiKey, {
      versions: [BY_ID],
      protocol: ({ version }) =>
        version < BY_ID ? byName(Math.min(version, BY_NAME)) : fetchingById(byName(BY_NAME), topicId, fetching),
    })
  })
}

function asReading(protocol: Protocol, limits: RecordLimits): Protocol {
  return (options) => {
    const exchange = protocol(options)
    const { request, response } = exchange
    if (request.apiVersion < WITH_BATCHES) return exchange
    const decode = (raw: Buffer): Promise<unknown> => decodeFetch(raw, request.apiVersion, limits)
    return { ...exchange, response: { ...response, decode } }
  }
}

/** An answer to Fetch, versions 4 to 11, in the form that kafkajs goes on with. */
async function decodeFetch(raw: Buffer, version: number, limits: RecordLimits): Promise<object> {
  const answer = new Answer(raw)
  const throttleMs = answer.int32()
  const session = version >= 7 ? { errorCode: answer.int16(), sessionId: answer.int32() } : {}
  const responses: object[] = []
  for (let topics = answer.int32(); topics > 0; topics -= 1) {
    const topicName = answer.text()
    const partitions: object[] = []
    for (let count = answer.int32(); count > 0; count -= 1) {
      partitions.push(await partitionOf(answer, version, { ...limits, topic: topicName }))
    }
    responses.push({ topicName, partitions })
  }
  return { throttleTime: 0, clientSideThrottleTime: throttleMs, ...session, responses }
}

async function partitionOf(answer: Answer, version: number, limits: RecordLimits & { topic: string }): Promise<object> {
  const partition = answer.int32()
  const errorCode = answer.int16()
  const [highWatermark, lastStableOffset] = [answer.int64(), answer.int64()]
  const start = version >= 5 ? { lastStartOffset: answer.int64() } : {}
  const abortedTransactions: object[] = []
  for (let count = answer.int32(); count > 0; count -= 1) {
    abortedTransactions.push({ producerId: answer.int64(), firstOffset: answer.int64() })
  }
  const replica = version >= 11 ? { preferredReadReplica: answer.int32() } : {}
  const messages = await readRecords(answer.bytes(), { ...limits, partition })
  return { partition, errorCode, highWatermark, lastStableOffset, ...start, abortedTransactions, ...replica, messages }
}
