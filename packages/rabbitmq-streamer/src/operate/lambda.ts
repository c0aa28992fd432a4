import { StreamerError, isObject } from '@boostercloud/streamer-connector'
import type { Received } from '../wire'

/** A message of a function's input, with the queue that it comes from where that is told. */
export interface PushedMessage {
  readonly queue?: string
  readonly eventId: string
  readonly message: Received
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const TEXTS = ['contentType', 'contentEncoding', 'messageId', 'type', 'appId', 'correlationId'] as const

/**
 * The messages of what AWS Lambda hands a function for Amazon MQ's RabbitMQ: whole inputs (`{ rmqMessagesByQueue: { 'queue::/': […] } }`),
 * or single messages of them. The input is AWS's, its messages are anybody's: one in an input that is not as it must be has an error, and the others are
 * read. Throws `EVENT_UNDECODABLE` for anything else: then nothing of it is taken, and Lambda tries again.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html
 */
export function pushedMessages(events: readonly unknown[]): PushedMessage[] {
  return events.flatMap((event, n) => {
    if (!isObject(event) || event.rmqMessagesByQueue === undefined) return [{ eventId: `${n}`, message: read(event) }]
    if (!isObject(event.rmqMessagesByQueue)) throw malformed('its messages are no object')
    return Object.entries(event.rmqMessagesByQueue).flatMap(([name, messages]) => {
      if (!Array.isArray(messages)) throw malformed('its messages are no lists')
      // The queue's name, and that of its virtual host.
      const [queue] = name.split(/::(?=[^:]*$)/)
      return messages.map((message, index) => ({
        queue,
        eventId: `${n}/${name}/${index}`,
        message: readOrUnreadable(message),
      }))
    })
  })
}

function readOrUnreadable(value: unknown): Received {
  try {
    return read(value)
  } catch (thrown) {
    return { content: asItCame(value), properties: {}, unreadable: thrown as StreamerError }
  }
}

/** JSON of what Lambda had in the place of a message. */
function asItCame(value: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(value) ?? '')
  } catch {
    // What is nested deeper than the stack is high.
    return Buffer.alloc(0)
  }
}

function read(value: unknown): Received {
  if (!isObject(value) || typeof value.data !== 'string' || !BASE64.test(value.data))
    throw malformed('a message has no Base64 data')
  const { basicProperties = {} } = value
  if (!isObject(basicProperties)) throw malformed('the properties of a message are no object')
  return { content: Buffer.from(value.data, 'base64'), properties: propertiesOf(basicProperties) }
}

function propertiesOf(given: Readonly<Record<string, unknown>>): Received['properties'] {
  const texts = TEXTS.map((name) => [name, typeof given[name] === 'string' ? given[name] : undefined])
  const headers = isObject(given.headers) ? given.headers : {}
  return {
    ...Object.fromEntries(texts),
    timestamp: secondsOf(given.timestamp),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, headerOf(value)])),
  }
}

/** As `Jan 1, 1970, 12:33:41 AM`, in UTC. */
function secondsOf(timestamp: unknown): number | undefined {
  const milliseconds = typeof timestamp === 'string' ? Date.parse(`${timestamp} UTC`) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
}

/** A text comes as its bytes, which may be signed; what is none as it is. */
function headerOf(value: unknown): unknown {
  if (!isObject(value) || !Array.isArray(value.bytes)) return value
  return Buffer.from(value.bytes as number[])
}

function malformed(why: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `This is not what Lambda hands over for RabbitMQ: ${why}.`, {
    at: 'transformEvents',
    hint: 'Give it what the function was given, or single messages of that.',
  })
}
