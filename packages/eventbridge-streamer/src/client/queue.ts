import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import type { BatchResultErrorEntry, Message, SQSClient } from '@aws-sdk/client-sqs'
import { eachOf } from './batches'

/** What SQS takes and gives at once. */
const MOST = 10
const AT_ONCE = 5

/** A message as far as SQS is asked about it. */
export interface Receipt {
  readonly messageId: string
  readonly receipt: string
}

/** What did not work with one message. `senderFault`: it will not later either. */
export interface Failure {
  readonly messageId: string
  readonly senderFault: boolean
}

/** How many messages are in a queue, roughly. */
export interface QueueCounts {
  /** Given to nobody at present. */
  readonly ready: number
  /** Given to somebody who has not settled them. */
  readonly unsettled: number
}

/** The requests to one queue, ten messages each. */
export class Queue {
  public constructor(
    private readonly client: SQSClient,
    public readonly url: string,
    /** How long SQS may take to answer, beyond what it was asked to wait. */
    private readonly requestTimeoutMs: number
  ) {}

  /** The next messages, at most ten; waits whole seconds for the first. */
  public async receive(waitSeconds: number, visibilitySeconds: number, ending?: AbortSignal): Promise<Message[]> {
    const limit = AbortSignal.timeout(waitSeconds * 1000 + this.requestTimeoutMs)
    const abortSignal = ending === undefined ? limit : AbortSignal.any([limit, ending])
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: MOST,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageAttributeNames: ['All'],
    })
    const { Messages = [] } = await this.client.send(command, { abortSignal })
    return Messages
  }

  /** Deletes messages; answers those that it could not. */
  public async delete(receipts: readonly Receipt[]): Promise<Failure[]> {
    return this.each(receipts, (chunk) => {
      const Entries = chunk.map(({ receipt }, n) => ({ Id: String(n), ReceiptHandle: receipt }))
      return this.client.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }))
    })
  }

  /** Keeps messages from others for so long from now on, 0: gives them back; answers those with which it could not. */
  public async keep(receipts: readonly Receipt[], visibilitySeconds: number): Promise<Failure[]> {
    return this.each(receipts, (chunk) => {
      const Entries = chunk.map(({ receipt }, n) => ({
        Id: String(n),
        ReceiptHandle: receipt,
        VisibilityTimeout: visibilitySeconds,
      }))
      return this.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries }))
    })
  }

  /** How many messages there are. */
  public async counts(abortSignal?: AbortSignal): Promise<QueueCounts> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
    const command = new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: [...names] })
    const { Attributes = {} } = await this.client.send(command, { abortSignal })
    const [ready, unsettled] = names.map((name) => Number(Attributes[name] ?? 0))
    return { ready, unsettled }
  }

  private async each(
    receipts: readonly Receipt[],
    request: (chunk: readonly Receipt[]) => Promise<{ Failed?: BatchResultErrorEntry[] }>
  ): Promise<Failure[]> {
    const chunks = Array.from({ length: Math.ceil(receipts.length / MOST) }, (_, n) =>
      receipts.slice(n * MOST, (n + 1) * MOST)
    )
    const failures: Failure[] = []
    await eachOf(chunks, AT_ONCE, async (chunk) => {
      const { Failed = [] } = await request(chunk)
      for (const { Id, SenderFault = false } of Failed) {
        failures.push({ messageId: chunk[Number(Id)].messageId, senderFault: SenderFault })
      }
    })
    return failures
  }
}
