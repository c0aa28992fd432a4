import { StreamerError, parseAddress } from '@boostercloud/streamer-connector'

/** A topic of a streamer. */
export interface TopicAddress {
  readonly streamerId: string
  readonly topic: string
}

/** The topic that the option `--address` names. Throws `ADDRESS_MALFORMED`, and `OPTION_INVALID` where it names no topic. */
export function topicOf(address: string): TopicAddress {
  const { streamerId, topic } = parseAddress(address, '--address')
  if (topic !== undefined) return { streamerId, topic }
  throw new StreamerError('OPTION_INVALID', `The address '${address}' names no topic.`, {
    at: '--address',
    hint: `Write '${streamerId}/<topic>'.`,
  })
}

/** How a module imports the class of an event. */
export interface EventImport {
  readonly module: string
  /** What stands before `from`; default `{ EVENT }`. */
  readonly imported?: string
}

/** The source that says what a topic carries. */
export function streamersModule(
  event: string,
  { module, imported = `{ ${event} }` }: EventImport,
  { streamerId, topic }: TopicAddress
): string {
  return `import type {} from '@boostercloud/streamers'
import type ${imported} from '${module}'

/** What each topic carries. From here on the compiler checks every address, event and handler of the services against it. */
declare module '@boostercloud/streamers' {
  interface Streamers {
    ${propertyName(streamerId)}: {
      ${propertyName(topic)}: ${event}
    }
  }
}
`
}

/** A name as an object's property. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name.replace(/['\\]/g, '\\$&')}'`
}
