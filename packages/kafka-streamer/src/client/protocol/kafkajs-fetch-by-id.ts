import { StreamerError } from '@boostercloud/streamer-connector'
import { Answer } from './answer'
import { flexible } from './kafkajs-exchange'
import type { Exchange, Protocol } from './kafkajs-exchange'
import { givingUp } from './kafkajs-give-up'
import { Question } from './question'
import { readRecords } from './record-batch'
import type { RecordLimits } from './record-batch'

type From = RecordLimits & { readonly topic: string }

interface FetchOptions {
  readonly replicaId?: number
  readonly isolationLevel: number
  readonly maxWaitTime: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly rackId: string
  readonly topics: readonly {
    readonly partitions: readonly {
      readonly partition: number
      readonly fetchOffset: string
      readonly maxBytes: number
    }[]
  }[]
}

/** From this version on, a request to fetch names a topic by its id. */
export const BY_ID = 13
/** UNKNOWN_TOPIC_ID, INCONSISTENT_TOPIC_ID. https://kafka.apache.org/protocol#protocol_error_codes */
const OTHER_TOPIC = new Set([100, 103])

/** As kafkajs's last version, but for the topic's name. */
export function fetchingById(last: Protocol, topicId: string, from: From): Protocol {
  return (options): Exchange => {
    const exchange = last(options)
    const request = flexible(exchange.request, BY_ID, question(topicId, options as FetchOptions))
    return { ...exchange, request, response: { ...exchange.response, decode: (raw) => decodeById(raw, from) } }
  }
}

/** Fetch, version 13. https://kafka.apache.org/protocol#The_Messages_Fetch */
function question(topicId: string, options: FetchOptions): Question {
  const { replicaId = -1, isolationLevel, maxWaitTime, minBytes, maxBytes, rackId, topics } = options
  const asked = new Question().int32(replicaId).int32(maxWaitTime).int32(minBytes).int32(maxBytes)
  asked.int8(isolationLevel).int32(0).int32(-1)
  asked.compactList(topics, ({ partitions }) => {
    asked.uuid(topicId)
    asked.compactList(partitions, ({ partition, fetchOffset, maxBytes: most }) =>
      asked.int32(partition).int32(-1).int64(fetchOffset).int32(-1).int64(-1).int32(most).noTags()
    )
    asked.noTags()
  })
  return asked
    .compactList([], () => undefined)
    .compactText(rackId)
    .noTags()
}

async function decodeById(raw: Buffer, from: From): Promise<object> {
  const answer = new Answer(raw)
  answer.tags()
  const throttleMs = answer.int32()
  const session = { errorCode: expected(answer.int16(), from.topic), sessionId: answer.int32() }
  const found = answer.compactList(() => {
    answer.uuid()
    const partitions = answer.compactList(() => partitionById(answer, from.topic))
    answer.tags()
    return partitions
  })
  const partitions: object[] = []
  for (const { records, ...rest } of found.flat()) {
    partitions.push({ ...rest, messages: await readRecords(records, { ...from, partition: rest.partition }) })
  }
  const responses = partitions.length === 0 ? [] : [{ topicName: from.topic, partitions }]
  return { throttleTime: 0, clientSideThrottleTime: throttleMs, ...session, responses }
}

interface FetchedPartition {
  readonly partition: number
  readonly records: Buffer
}

function partitionById(answer: Answer, topic: string): FetchedPartition {
  const partition = answer.int32()
  const errorCode = expected(answer.int16(), topic)
  const offsets = { highWatermark: answer.int64(), lastStableOffset: answer.int64(), lastStartOffset: answer.int64() }
  const abortedTransactions = answer.compactList(() => {
    const aborted = { producerId: answer.int64(), firstOffset: answer.int64() }
    answer.tags()
    return aborted
  })
  const preferredReadReplica = answer.int32()
  const records = answer.compactBytes()
  answer.tags()
  return { partition, errorCode, ...offsets, abortedTransactions, preferredReadReplica, records } as FetchedPartition
}

function expected(errorCode: number, topic: string): number {
  if (OTHER_TOPIC.has(errorCode)) throw givingUp(anotherTopic(topic))
  return errorCode
}

function anotherTopic(topic: string): StreamerError {
  return new StreamerError(
    'STREAMER_UNAVAILABLE',
    `The topic '${topic}' was deleted, and may have been created again.`,
    {
      at: `topic ${topic}`,
      hint: 'Wait. It is searched for at once, and read from its first record.',
      retryable: true,
    }
  )
}
