import type { Cluster } from 'kafkajs'
import { readRecords } from './record-batch'
import type { RecordLimits } from './record-batch'

/** What of kafkajs's brokers is used here; its types do not tell it. */
interface Broker {
  lookupRequest(apiKey: number, definitions: unknown): Protocol
  fetch(request: unknown): Promise<unknown>
}
type Protocol = (options: unknown) => Exchange
interface Exchange {
  readonly request: { readonly apiVersion: number }
  readonly response: { decode(raw: Buffer): Promise<unknown> }
}
type Finding = (node: { nodeId: string }) => Promise<Broker>

/** From this version on, answers have batches of records; those before come of brokers older than 0.11. */
const WITH_BATCHES = 4

/**
 * Has what a consumer fetches be read by {@link readRecords}, where kafkajs reads all other answers itself: its own reading collects headers in a plain object,
 * throws for names that every object has, unpacks without a bound, and one bad record stops its topic. Changes this consumer's cluster only.
 */
export function readFetchedRecords(cluster: Cluster, limits: RecordLimits): void {
  const finding = cluster as unknown as { findBroker: Finding }
  const find = finding.findBroker.bind(cluster)
  finding.findBroker = async (node) => {
    const broker = await find(node)
    const fetch = (request: unknown): Promise<unknown> => broker.fetch.call(asReader(broker, limits), request)
    return Object.assign(Object.create(broker) as Broker, { fetch })
  }
}

/** The broker, with another reading of its answers. */
function asReader(broker: Broker, limits: RecordLimits): Broker {
  const lookupRequest = (apiKey: number, definitions: unknown): Protocol => {
    const protocol = broker.lookupRequest(apiKey, definitions)
    return (options) => {
      const exchange = protocol(options)
      const { request, response } = exchange
      if (request.apiVersion < WITH_BATCHES) return exchange
      const decode = (raw: Buffer): Promise<unknown> => decodeFetch(raw, request.apiVersion, limits)
      return { ...exchange, response: { ...response, decode } }
    }
  }
  return Object.assign(Object.create(broker) as Broker, { lookupRequest })
}

/** An answer to Fetch, versions 4 to 11, in the form that kafkajs goes on with. https://kafka.apache.org/protocol#The_Messages_Fetch */
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

/** Reads one after the other. */
class Answer {
  private at = 0

  public constructor(private readonly raw: Buffer) {}

  public int16(): number {
    return this.raw.readInt16BE(this.moved(2))
  }

  public int32(): number {
    return this.raw.readInt32BE(this.moved(4))
  }

  /** In decimal digits. */
  public int64(): string {
    return this.raw.readBigInt64BE(this.moved(8)).toString()
  }

  public text(): string {
    const length = this.int16()
    return this.raw.toString('utf8', this.moved(length), this.at)
  }

  /** None where there is nothing. */
  public bytes(): Buffer {
    const length = Math.max(0, this.int32())
    return this.raw.subarray(this.moved(length), this.at)
  }

  private moved(by: number): number {
    this.at += by
    return this.at - by
  }
}
