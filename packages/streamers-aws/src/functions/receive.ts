import { StreamerError, parseAddress } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { InvokedApp } from '@boostercloud/streamers/runtime'
import { callSignal, servedAddress } from './call'

/** What a function answers where its queue asks for each message: those that are to be delivered again. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/**
 * Hands what a rule, a queue or a Kafka mapping delivers to the handlers of the served address. A handler that fails is no failure here: its
 * event is parked and tried again later. What could not be settled, because the state fails or the time is over, is delivered again: from a
 * queue message by message, else all of it.
 */
export async function receive({ streaming }: InvokedApp, request: unknown): Promise<BatchResponse> {
  const address = servedAddress()
  const signal = callSignal()
  const connector = streaming.pushedBy(address)
  if (!connector) throw notPushed(address)
  const events = await connector.transformEvents([request], parseAddress(address).topic)
  return answer(request, await streaming.receive(address, events, signal), address)
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
function answer(request: unknown, unsettled: readonly ExternalEvent[], at: string): BatchResponse {
  const messages = unsettled.flatMap(({ eventId }) => (eventId === undefined ? [] : [eventId]))
  if (unsettled.length === 0 || (isFromQueue(request) && messages.length === unsettled.length)) {
    return { batchItemFailures: [...new Set(messages)].map((itemIdentifier) => ({ itemIdentifier })) }
  }
  throw new StreamerError('STREAMER_UNAVAILABLE', `${unsettled.length} events are not settled.`, {
    at,
    hint: 'They are delivered again. The log has the errors of the state or the handlers.',
    retryable: true,
  })
}

function isFromQueue(request: unknown): boolean {
  const { Records } = (request ?? {}) as { Records?: unknown }
  return (
    Array.isArray(Records) && Records.every((record) => (record as { eventSource?: string }).eventSource === 'aws:sqs')
  )
}

function notPushed(address: string): StreamerError {
  return new StreamerError('DELIVERY_UNAVAILABLE', `The streamer of '${address}' cannot read the input of functions.`, {
    at: address,
    hint: 'Poll it, either with the schedule that the deployment creates for such a streamer, or in a long-running process.',
  })
}
