import type { Route } from '../options'
import { readEnvelope } from '../wire'
import type { PushedEvent } from './lambda'

/** The topic of an event that Lambda hands over: whose queue it comes from, or else its `source`; undefined where neither says. */
export function topicOf(
  { queue, text }: PushedEvent,
  topics: readonly string[],
  routeOf: (topic: string) => Route
): string | undefined {
  const known = topics.find((topic) => routeOf(topic).queue === queue)
  return known ?? sourceOf(text) ?? namedIn(queue, routeOf)
}

/** What is unreadable says no source; its queue's name has the topic, if AWS takes that as it is. */
function namedIn(queue: string | undefined, routeOf: (topic: string) => Route): string | undefined {
  const topic = queue?.slice(routeOf('-').queue.length - 1)
  return topic && routeOf(topic).queue === queue ? topic : undefined
}

function sourceOf(text: string): string | undefined {
  try {
    const { source } = readEnvelope(text)
    return source === '' ? undefined : source
  } catch {
    return undefined
  }
}
