import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { REPLAYED, StreamerError, withContentEncoding, withoutMark } from '@boostercloud/streamer-connector'
import type { EventMetadata, WireMessage } from '@boostercloud/streamer-connector'
import type { Route } from '../options'

/** The detail type of an event that has no type, as EventBridge wants one of each. */
export const UNTYPED = 'untyped event'

/** An entry of PutEvents, as this streamer writes it. */
export type Entry = Required<Pick<PutEventsRequestEntry, 'Source' | 'DetailType' | 'Detail' | 'EventBusName'>> &
  Pick<PutEventsRequestEntry, 'Resources'>

/** The CloudEvents extension that has the headers of an event: an object of texts, as JSON. */
export const HEADERS = 'headers'

const JSON_TYPE = /^\s*[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i
const TEXT_TYPE = /^\s*text\//i
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const MOST_TYPE_CHARACTERS = 128

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * An event as an entry. Its detail is one CloudEvent in the JSON format (CloudEvents 1.0.2, JSON §3): the attributes and `data` (or
 * `data_base64`). Where the codec writes no attributes, and its body is a JSON object, the detail is that body. Throws `EVENT_NOT_ENCODABLE`.
 */
export function toEntry(
  marked: WireMessage,
  { type = UNTYPED }: Pick<EventMetadata, 'type'>,
  { source, eventBus }: Pick<Route, 'source' | 'eventBus'>
): Entry {
  if (type.length > MOST_TYPE_CHARACTERS) {
    throw new StreamerError(
      'EVENT_NOT_ENCODABLE',
      `The detail type of EventBridge has at most ${MOST_TYPE_CHARACTERS} characters.`,
      {
        at: type,
        hint: "Use a shorter name for the event's class.",
      }
    )
  }
  const message = withoutMark(marked)
  const entry = { Source: source, DetailType: type, Detail: detailOf(message), EventBusName: eventBus }
  // A detail that is the body alone has no place for a mark.
  return message === marked ? entry : { ...entry, Resources: [REPLAYED] }
}

function detailOf(message: WireMessage): string {
  const { attributes, body, contentType, contentEncoding } = message
  const isText = contentEncoding === undefined
  const json = isText ? jsonOf(message) : undefined
  if (Object.keys(attributes).length === 0 && json?.startsWith('{')) return json
  const members = JSON.stringify(membersOf(message)).slice(0, -1)
  if (json !== undefined) return json === '' ? `${members}}` : `${members},"data":${json}}`
  if (isText && TEXT_TYPE.test(contentType as string))
    return `${members},"data":${JSON.stringify(Buffer.from(body).toString())}}`
  return `${members},"data_base64":"${Buffer.from(body).toString('base64')}"}`
}

/** Undefined for bytes that only say that they are JSON, as a recorded body may. */
function jsonOf({ body, contentType }: WireMessage): string | undefined {
  if (!isJson(contentType)) return undefined
  try {
    const json = utf8.decode(body).trim()
    if (json !== '') JSON.parse(json)
    return json
  } catch {
    return undefined
  }
}

function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || JSON_TYPE.test(contentType)
}

function membersOf(message: WireMessage): Record<string, string> {
  const { attributes, contentType, key } = message
  const headers = withContentEncoding(message)
  const members: Record<string, string> = { specversion: '1.0', ...attributes }
  if (contentType !== undefined) members.datacontenttype = contentType
  if (key && key !== (members.partitionkey ?? members.subject)) members.partitionkey = key
  if (Object.keys(headers).length > 0) members[HEADERS] = JSON.stringify(headers)
  return members
}

/** An entry with its size as AWS counts it. */
export interface Sized {
  readonly entry: Entry
  readonly bytes: number
}

/** The same, with its size. */
export function toSized(...message: Parameters<typeof toEntry>): Sized {
  const entry = toEntry(...message)
  return { entry, bytes: sizeOf(entry) }
}

/** What AWS counts as an entry's size. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export function sizeOf({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: Pick<PutEventsRequestEntry, 'Time' | 'Source' | 'DetailType' | 'Detail' | 'Resources'>): number {
  const texts = [Source, DetailType, Detail, ...Resources]
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), Time === undefined ? 0 : 14)
}
