import { asItCame, bytesOfBase64, isObject, notHandedOver } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import type { Received } from '../wire'

/** A message of a function's input, with the queue that it comes from where that is told. */
export interface PushedMessage {
  readonly queue?: string
  readonly eventId: string
  readonly message: Received
}

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
    return { content: Buffer.from(asItCame(value)), properties: {}, unreadable: thrown as StreamerError }
  }
}

function read(value: unknown): Received {
  const { data, basicProperties = {} }: Readonly<Record<string, unknown>> = isObject(value) ? value : {}
  const content = bytesOfBase64(data)
  if (content === undefined) throw malformed('a message has no Base64 data')
  if (!isObject(basicProperties)) throw malformed('the properties of a message are no object')
  return { content, properties: propertiesOf(basicProperties) }
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
  return notHandedOver('RabbitMQ', why, 'message')
}
