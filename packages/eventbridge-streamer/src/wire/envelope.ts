import { REPLAYED, StreamerError, splitContentEncoding, isObject } from '@boostercloud/streamer-connector'
import type { WireMessage } from '@boostercloud/streamer-connector'
import { HEADERS, UNTYPED } from './entry'
import { memberText } from './member-text'
import { splitAttributes } from './message-attributes'
import type { MessageAttributes, SplitAttributes } from './message-attributes'

/** An event as EventBridge delivers it, or whatever else has come into a queue. */
export interface Received {
  readonly message: WireMessage
  /** What EventBridge itself says of it, for a codec that does not; nothing where it has not come through EventBridge. */
  readonly known: Readonly<Record<string, string>>
  /** What EventBridge has as its source; the topic of an event of ours. */
  readonly source?: string
  /** When EventBridge got it, in whole seconds. */
  readonly time?: string
}

const JSON_TYPE = /^\s*[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i

/**
 * The text of an event of EventBridge (https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html) as a codec reads it. What is no
 * such event, as it was put into the queue by others, is read as if it were the detail; its message's attributes say what it is. Throws `EVENT_UNDECODABLE` for what is
 * not JSON and not said to be anything else.
 */
export function readEnvelope(
  text: string,
  types: Readonly<Record<string, string>> = {},
  attributes: MessageAttributes = {}
): Received {
  const said = splitAttributes(attributes)
  const event = parsed(text)
  if (event === undefined) return { message: notJson(text, said), known: {} }
  if (!isObject(event) || typeof event['detail-type'] !== 'string' || !('detail' in event)) {
    return { message: messageOf(text, event, said), known: {} }
  }
  const { source, time } = event
  const detail = memberText(text, 'detail') as string
  const known = knownOf(event, types)
  // One of ours says in its headers what there is to say.
  const about = isCloudEvent(event.detail) ? {} : foreignHeaders(event)
  const from = { headers: { ...said.headers, ...about, ...markOf(event) }, known }
  return {
    message: messageOf(detail, event.detail, from),
    known,
    source: typeof source === 'string' ? source : undefined,
    time: typeof time === 'string' ? time : undefined,
  }
}

/** A body that is no JSON, of a message that says what it is. SQS takes texts only, so bytes are in it as Base64. */
function notJson(text: string, { contentType, contentEncoding, headers }: SplitAttributes): WireMessage {
  if (contentType === undefined && contentEncoding === undefined) throw undecodable('it is not JSON')
  const bytes = Buffer.from(text, 'base64')
  const isBytes = contentEncoding !== undefined && bytes.toString('base64') === text
  return { body: isBytes ? bytes : Buffer.from(text), contentType, contentEncoding, attributes: {}, headers }
}

function knownOf(
  event: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, string>>
): Readonly<Record<string, string>> {
  const { id, source, time, detail } = event
  const detailType = event['detail-type'] as string
  const own = { id, source, time, ...(isCloudEvent(detail) ? {} : { type: typeOf(detailType, types) }) }
  const texts = Object.entries(own).filter(([, value]) => typeof value === 'string' && value !== '')
  return Object.fromEntries(texts) as Record<string, string>
}

function typeOf(detailType: string, types: Readonly<Record<string, string>>): string | undefined {
  if (detailType === UNTYPED) return undefined
  return Object.hasOwn(types, detailType) ? types[detailType] : detailType
}

/** What tells that an event was published again from a recording. */
function markOf({ resources }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Array.isArray(resources) && resources.includes(REPLAYED) ? { [REPLAYED]: 'true' } : {}
}

/** Where an event of another producer comes from, and what it is about. */
function foreignHeaders(event: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const name of ['account', 'region', 'replay-name']) {
    const value = event[name]
    if (typeof value === 'string') headers[name] = value
  }
  const resources = Array.isArray(event.resources) ? event.resources.filter((resource) => resource !== REPLAYED) : []
  if (resources.length > 0) headers.resources = JSON.stringify(resources)
  return headers
}

interface From extends SplitAttributes {
  readonly known?: WireMessage['attributes']
}

function messageOf(
  text: string,
  value: unknown,
  { headers, known = {}, contentType: said = 'application/json', contentEncoding }: From
): WireMessage {
  if (!isCloudEvent(value)) {
    return { body: Buffer.from(text), contentType: said, contentEncoding, attributes: known, headers }
  }
  const attributes = { ...known, ...scalars(text, value) }
  const { [HEADERS]: own, datacontenttype: contentType = 'application/json', ...rest } = attributes
  return {
    body: bodyOf(text, value, contentType),
    contentType,
    attributes: rest,
    ...withOwn(headers, own),
    key: rest.partitionkey || rest.subject || undefined,
  }
}

/** Whether a detail is a CloudEvent in the JSON format. */
function isCloudEvent(value: unknown): value is Record<string, unknown> {
  return isObject(value) && typeof value.specversion === 'string'
}

/** A number keeps all its digits: of two ids of 64 bits that are parsed, one may become the other. */
function scalars(text: string, value: Readonly<Record<string, unknown>>): Record<string, string> {
  const members = Object.entries(value).filter(
    ([name, each]) => name !== 'data' && name !== 'data_base64' && ['string', 'number', 'boolean'].includes(typeof each)
  )
  const textOf = (name: string, each: unknown): string =>
    typeof each === 'number' && !Number.isSafeInteger(each) ? (memberText(text, name) ?? String(each)) : String(each)
  return Object.fromEntries(members.map(([name, each]) => [name, textOf(name, each)]))
}

function bodyOf(text: string, value: Readonly<Record<string, unknown>>, contentType: string): Uint8Array {
  const { data, data_base64: base64 } = value
  if (base64 !== undefined) {
    const body = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64')
    if (body.toString('base64') !== base64) throw undecodable('its data_base64 is not Base64')
    return body
  }
  if (typeof data === 'string' && (isBase64(value) || !JSON_TYPE.test(contentType))) return Buffer.from(data)
  return Buffer.from(memberText(text, 'data') ?? '')
}

/** Whether data is Base64, whatever its content type is (CloudEvents 0.3 §3.1.1). The codec decodes it. */
function isBase64({ specversion, datacontentencoding }: Readonly<Record<string, unknown>>): boolean {
  return String(specversion).startsWith('0.') && /^\s*base64\s*$/i.test(String(datacontentencoding))
}

/** Headers of the message, and those that are in the event, which count. */
function withOwn(
  headers: WireMessage['headers'],
  json: string | undefined
): Pick<WireMessage, 'headers' | 'contentEncoding'> {
  const own = splitContentEncoding(headersFrom(json))
  return { ...own, headers: { ...headers, ...own.headers } }
}

/** What this streamer writes there; anything else stays one header of that name. */
function headersFrom(json: string | undefined): Readonly<Record<string, string>> {
  if (json === undefined) return {}
  try {
    const headers: unknown = JSON.parse(json)
    const isOurs = isObject(headers) && Object.values(headers).every((value) => typeof value === 'string')
    if (isOurs) return headers as Record<string, string>
  } catch {
    // Not of this streamer.
  }
  return { [HEADERS]: json }
}

/** Undefined for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function undecodable(why: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `This is not an event of EventBridge: ${why}.`, {
    hint: 'Fix the producer.',
  })
}
