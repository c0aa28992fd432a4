import { asItCame, isObject, notHandedOver } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { attributesOf } from '../wire'
import type { MessageAttributes } from '../wire'

/** An event of a function's input, with the queue that it comes from if it comes from one. */
export interface PushedEvent {
  readonly text: string
  /** What its sender says of it in SQS. */
  readonly attributes?: MessageAttributes
  /** Why it could not be read; its text is then what could not. */
  readonly unreadable?: StreamerError
  /** What tells it from the others: the id of its message in SQS, or else of the event itself. */
  readonly eventId: string
  readonly queue?: string
}

/**
 * What a function answers where its queue asks for each message (`ReportBatchItemFailures`): those that are to be delivered again.
 * @public
 */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/**
 * The answer of a function to SQS by the `eventId`s of the events that failed: these are delivered again, all others are settled. None: the whole
 * batch is settled. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @public
 */
export function batchResponse(failedEventIds: Iterable<string>): BatchResponse {
  return { batchItemFailures: [...new Set(failedEventIds)].map((itemIdentifier) => ({ itemIdentifier })) }
}

/**
 * The events of what AWS Lambda hands a function: for a queue (`{ Records: [{ messageId, body, … }] }`, or single records of it), or for a rule whose
 * target is the function itself (the event). The input is AWS's, what it brings is anybody's: a record of a queue that is not as it must be has an error, and
 * the others are read. Throws `EVENT_UNDECODABLE` for anything else: then nothing of it is taken, and Lambda tries again.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function pushedEvents(inputs: readonly unknown[]): PushedEvent[] {
  return inputs.flatMap((input) => {
    if (!isObject(input) || !Array.isArray(input.Records)) return [pushed(input)]
    const records = input.Records
    if (records.length > 0 && !records.some(isOfQueue)) throw malformed('its records are of no queue')
    return records.map(pushedOrUnreadable)
  })
}

function isOfQueue(record: unknown): boolean {
  return isObject(record) && typeof record.messageId === 'string' && isOfSqs(record)
}

/** A record by hand need not say so. */
function isOfSqs({ eventSource }: Readonly<Record<string, unknown>>): boolean {
  return eventSource === undefined || eventSource === 'aws:sqs'
}

function pushedOrUnreadable(record: unknown, index: number): PushedEvent {
  try {
    return pushed(record)
  } catch (thrown) {
    const { messageId, eventSourceARN }: Readonly<Record<string, unknown>> = isObject(record) ? record : {}
    const eventId = typeof messageId === 'string' ? messageId : `record-${index}`
    return { text: asItCame(record), eventId, queue: queueOf(eventSourceARN), unreadable: thrown as StreamerError }
  }
}

function pushed(value: unknown): PushedEvent {
  if (!isObject(value)) throw malformed('it is no object')
  if (typeof value['detail-type'] === 'string') return direct(value)
  const { messageId, body, eventSourceARN, messageAttributes } = value
  if (!isOfSqs(value)) throw malformed('it is of another source than SQS')
  if (typeof messageId !== 'string' || typeof body !== 'string') throw malformed('a record has no messageId or body')
  const attributes = attributesOf(messageAttributes)
  return { text: body, attributes, eventId: messageId, queue: queueOf(eventSourceARN) }
}

function queueOf(arn: unknown): string | undefined {
  return typeof arn === 'string' ? arn.split(':').at(-1) : undefined
}

function direct(event: Readonly<Record<string, unknown>>): PushedEvent {
  const { id, source, 'detail-type': detailType } = event
  if (typeof id !== 'string' || !('detail' in event)) throw malformed('an event has no id or detail')
  const text = asItCame(event)
  if (text !== '') return { text, eventId: id }
  const told = { id, 'detail-type': detailType, source: typeof source === 'string' ? source : undefined, detail: null }
  return { text: JSON.stringify(told), eventId: id, unreadable: malformed('it is nested too deeply') }
}

function malformed(why: string): StreamerError {
  return notHandedOver('EventBridge', why)
}
