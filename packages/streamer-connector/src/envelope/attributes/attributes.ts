import type { EventMetadata, WireMessage } from '../../contract'
import type { PublishedMetadata } from './metadata'
import { MARK, VERSION, schemaVersionOf, versionAttributes } from './schema-version'
import { sourceUri } from './source-uri'

/** CloudEvents attribute ↔ metadata, for the attributes that are strings on both sides. */
const STRING_ATTRIBUTES = {
  id: 'id',
  source: 'source',
  type: 'type',
  subject: 'subject',
  time: 'time',
  correlationid: 'correlationId',
  causationid: 'causationId',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const satisfies Record<string, keyof EventMetadata>

/** The same as a list: this is gone through for every event. */
const FIELDS = Object.entries(STRING_ATTRIBUTES)

/** The attributes of CloudEvents that {@link attributesFrom} writes. */
const WRITTEN = ['specversion', ...Object.keys(STRING_ATTRIBUTES), VERSION, MARK, 'partitionkey']

/** Attributes that metadata has a place for; others arrive among the headers. */
const KNOWN = new Set([...WRITTEN, 'datacontenttype', 'datacontentencoding'])

/**
 * Names of headers for attributes, and the other way round.
 * @internal
 */
export interface AttributeHeaders {
  readonly headerOf: ReadonlyMap<string, string>
  readonly attributeOf: ReadonlyMap<string, string>
}

/**
 * How a binding names, with its prefix, the attributes that {@link attributesFrom} writes. A name that is put together anew for each message is
 * looked up anew by everything that it comes to.
 * @internal
 */
export function attributeHeaders(prefix: string): AttributeHeaders {
  return {
    headerOf: new Map(WRITTEN.map((attribute) => [attribute, prefix + attribute])),
    attributeOf: new Map(WRITTEN.map((attribute) => [prefix + attribute, attribute])),
  }
}

/**
 * What CloudEvents 1.0.2 in binary mode writes beside the body of an event, for any codec whose broker binding has such attributes.
 * @internal
 */
export function attributesFrom(metadata: PublishedMetadata): Record<string, string> {
  const attributes: Record<string, string> = { specversion: '1.0' }
  for (const [attribute, field] of FIELDS) {
    const value = metadata[field]
    if (value) attributes[attribute] = value
  }
  if (attributes.source) attributes.source = sourceUri(attributes.source)
  if (metadata.version !== undefined) Object.assign(attributes, versionAttributes(metadata.version))
  if (metadata.key && metadata.key !== metadata.subject) attributes.partitionkey = metadata.key
  return attributes
}

/**
 * An event's metadata, as its CloudEvents attributes and what else came with the message say it. Throws `EVENT_UNDECODABLE` for a
 * schema version of ours that is none.
 * @internal
 */
export function metadataFrom(attributes: Readonly<Record<string, string>>, message: WireMessage): EventMetadata {
  const metadata: Record<string, unknown> = {}
  for (const [attribute, field] of FIELDS) {
    // An attribute that is there is not empty (CloudEvents §3.1); an empty id would make all events without one the same.
    const value = attributes[attribute]
    if (value) metadata[field] = value
  }
  const version = schemaVersionOf(attributes)
  if (version !== undefined) metadata.version = version
  metadata.key = [message.key, attributes.partitionkey, attributes.subject].find(Boolean)
  metadata.headers = headersFrom(attributes, message, version)
  if (message.contentType !== undefined) metadata.contentType = message.contentType
  if (message.contentEncoding !== undefined) metadata.contentEncoding = message.contentEncoding
  metadata.raw = message.body
  return metadata
}

/** Headers, and among them the attributes that are known to nobody here; a `schemaversion` that is no version of ours is one. */
function headersFrom(
  attributes: Readonly<Record<string, string>>,
  { headers }: WireMessage,
  version: number | undefined
): EventMetadata['headers'] {
  const unknown = Object.keys(attributes).filter(
    (name) => !KNOWN.has(name) || (name === VERSION && version === undefined)
  )
  if (unknown.length === 0) return headers
  return { ...Object.fromEntries(unknown.map((name) => [name, attributes[name]])), ...headers }
}
