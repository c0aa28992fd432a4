import type { Cluster } from 'kafkajs'
import { Answer } from './answer'
import { askingOtherwise, flexible } from './kafkajs-exchange'
import type { Broker, Exchange } from './kafkajs-exchange'
import { Question } from './question'

/** The first version of Metadata that tells the id of a topic: Kafka 2.8. */
const WITH_IDS = 10
/** The last version that kafkajs knows. */
const LAST = 6

/**
 * The id of a topic, by which it is told from another one that had its name before: 22 characters. Undefined where the brokers keep none, which
 * are those before Kafka 2.8. Asks any broker of a cluster that is connected; kafkajs itself knows no version of the request that has ids.
 */
export async function topicIdOf(cluster: Cluster, topic: string): Promise<string | undefined> {
  const broker = await anyBroker(cluster)
  const asking = askingOtherwise(broker, (apiKey, definitions) =>
    broker.lookupRequest(apiKey, {
      versions: [WITH_IDS],
      protocol: ({ version }) => {
        const last = definitions.protocol({ version: Math.min(version, LAST) })
        return version < WITH_IDS ? last : (options) => exchange(last(options), topic)
      },
    })
  )
  const { topicId } = (await broker.metadata.call(asking, [topic])) as { topicId?: string }
  return topicId
}

async function anyBroker(cluster: Cluster): Promise<Broker> {
  const nodeIds = cluster.getNodeIds()
  for (const nodeId of nodeIds.slice(0, -1)) {
    const broker = await cluster.findBroker({ nodeId: String(nodeId) }).catch(() => undefined)
    if (broker) return broker as unknown as Broker
  }
  return (await cluster.findBroker({ nodeId: String(nodeIds.at(-1)) })) as unknown as Broker
}

/** Metadata, version 10, about one topic, which is not made by that. https://kafka.apache.org/protocol#The_Messages_Metadata */
function exchange({ request }: Exchange, topic: string): Exchange {
  const question = new Question()
  question.compactList([topic], (name) => question.uuid(undefined).compactText(name).noTags())
  question.int8(0).int8(0).int8(0).noTags()
  return {
    request: flexible(request, WITH_IDS, question),
    response: { decode: async (raw) => ({ topicId: idIn(new Answer(raw)) }), parse: async (decoded) => decoded },
  }
}

function idIn(answer: Answer): string | undefined {
  answer.tags()
  answer.int32()
  answer.compactList(() => {
    answer.int32()
    answer.compactBytes()
    answer.int32()
    answer.compactBytes()
    answer.tags()
  })
  answer.compactBytes()
  answer.int32()
  const [topicId] = answer.compactList(() => {
    answer.int16()
    answer.compactBytes()
    const id = answer.uuid()
    answer.int8()
    answer.compactList(() => passPartition(answer))
    answer.int32()
    answer.tags()
    return id
  })
  return topicId
}

function passPartition(answer: Answer): void {
  answer.int16()
  for (let numbers = 0; numbers < 3; numbers += 1) answer.int32()
  for (let lists = 0; lists < 3; lists += 1) answer.compactList(() => answer.int32())
  answer.tags()
}
