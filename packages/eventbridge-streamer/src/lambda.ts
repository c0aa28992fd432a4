import { StreamerError } from '@boostercloud/streamer-connector'
import { isObject } from './option-rules'

/** An event of a function's input, with the queue that it comes from if it comes from one. */
export interface PushedEvent {
  readonly text: string
  /** What tells it from the others: the id of its message in SQS, or else of the event itself. */
  readonly eventId: string
  readonly queue?: string
}

/** What a function answers where its queue asks for each message (`ReportBatchItemFailures`): those that are to be delivered again. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/**
 * The answer of a function to SQS by the `eventId`s of the events that failed: these are delivered again, all others are settled. None: the whole
 * batch is settled. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function batchResponse(failedEventIds: Iterable<string>): BatchResponse {
  return { batchItemFailures: [...new Set(failedEventIds)].map((itemIdentifier) => ({ itemIdentifier })) }
}

/**
 * The events of what AWS Lambda hands a function: for a queue (`{ Records: [{ messageId, body, … }] }`, or single records of it), or for a rule whose
 * target is the function itself (the event). Throws `EVENT_UNDECODABLE` for anything else: then nothing of it is taken, and Lambda tries again.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function pushedEvents(inputs: readonly unknown[]): PushedEvent[] {
  return inputs.flatMap((input) => {
    if (isObject(input) && Array.isArray(input.Records)) return input.Records.map(pushed)
    return [pushed(input)]
  })
}

function pushed(value: unknown): PushedEvent {
  if (!isObject(value)) throw malformed('it is no object')
  if (typeof value['detail-type'] === 'string') return direct(value)
  const { messageId, body, eventSource, eventSourceARN } = value
  if (eventSource !== undefined && eventSource !== 'aws:sqs') throw malformed('it is of another source than SQS')
  if (typeof messageId !== 'string' || typeof body !== 'string') throw malformed('a record has no messageId or body')
  const queue = typeof eventSourceARN === 'string' ? eventSourceARN.split(':').at(-1) : undefined
  return { text: body, eventId: messageId, queue }
}

function direct(event: Readonly<Record<string, unknown>>): PushedEvent {
  if (typeof event.id !== 'string' || !('detail' in event)) throw malformed('an event has no id or detail')
  try {
    return { text: JSON.stringify(event), eventId: event.id }
  } catch {
    throw malformed('it is nested too deeply')
  }
}

function malformed(why: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `This is not what Lambda hands over for EventBridge: ${why}.`, {
    at: 'transformEvents',
    hint: 'Give it what the function was given, or single records of that.',
  })
}
