import { GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { errorFrom, isMissing } from '../client'
import type { Clients } from '../client'

/** How many messages of a queue are not settled; undefined where there is no such queue. Rejects as SQS does. */
export async function lagOf(clients: Clients, queue: string): Promise<number | undefined> {
  try {
    const { QueueUrl = '' } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: queue }))
    const { ready, unsettled } = await clients.queue(QueueUrl).counts()
    return ready + unsettled
  } catch (thrown) {
    if (isMissing(thrown)) return undefined
    throw errorFrom(thrown, `queue ${queue}`)
  }
}
