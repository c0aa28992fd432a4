import { StreamerError } from '@boostercloud/streamer-connector'
import type { Codec, StreamerContext } from '@boostercloud/streamer-connector'
import type { RabbitMQStreamerSettings } from './settings'

/** Where the events of a topic go and come from. */
export interface Route {
  readonly topic: string
  readonly exchange: string
  readonly exchangeType: string
  readonly routingKey: string
  readonly queue: string
  readonly bindings: readonly string[]
  readonly declare: boolean
  readonly codec: Codec
}

/** The route of a topic for a service. Throws `OPTION_INVALID` where a name is too long for AMQP. */
export function routeOf(topic: string, settings: RabbitMQStreamerSettings, context?: StreamerContext): Route {
  const own = Object.hasOwn(settings.topics, topic) ? settings.topics[topic] : {}
  const route: Route = {
    topic,
    exchange: settings.exchange,
    exchangeType: 'topic',
    routingKey: topic,
    queue: queuePrefix(settings, context) + topic,
    bindings: [topic],
    declare: settings.declare,
    codec: settings.codec,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  }
  for (const name of ['routingKey', 'queue'] as const) {
    if (Buffer.byteLength(route[name]) > 255) throw tooLong(name, topic)
  }
  return route
}

/** The topic that a queue is of, by its name; undefined for a queue of nobody here. */
export function topicOf(
  queue: string,
  settings: RabbitMQStreamerSettings,
  context?: StreamerContext
): string | undefined {
  const [named] = Object.entries(settings.topics).find(([, own]) => own.queue === queue) ?? []
  const prefix = queuePrefix(settings, context)
  return named ?? (queue.startsWith(prefix) ? queue.slice(prefix.length) : undefined)
}

/** The name under which a service's replicas share queues. */
export function groupOf({ queue }: RabbitMQStreamerSettings, context?: StreamerContext): string {
  return queue ?? (context ? `${context.appName}-${context.environment}` : 'unknown')
}

/** Throws `OPTION_INVALID` where a queue is all there is to read of a topic. */
export function requireExchanges(topics: RabbitMQStreamerSettings['topics']): void {
  for (const [topic, { exchange }] of Object.entries(topics)) if (exchange === '') throw notBeside(topic)
}

function notBeside(topic: string): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    `The topic '${topic}' is a queue of the default exchange: a second reader takes its events away.`,
    { at: topic, hint: 'Publish it to an exchange, so that a second queue can be bound to it.' }
  )
}

function queuePrefix(settings: RabbitMQStreamerSettings, context?: StreamerContext): string {
  return `${groupOf(settings, context)}.`
}

function tooLong(name: string, topic: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The ${name} of a topic is longer than the 255 bytes that AMQP allows.`, {
    at: topic,
    hint: `Use a shorter topic, or give it its own ${name} in the option topics.`,
  })
}
