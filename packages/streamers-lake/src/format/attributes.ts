import type { WireMessage } from '@boostercloud/streamer-connector'
import { microsOf, textOfMicros } from './instants'
import type { RecordedEvent } from './recorded-event'

/** CloudEvents attributes that have a column, with the member of an event that the column has. */
const IN_COLUMNS = {
  id: 'id',
  type: 'type',
  source: 'source',
  subject: 'subject',
  time: 'time',
  correlationid: 'correlationId',
  causationid: 'causationId',
  traceparent: 'traceparent',
  schemaversion: 'version',
} as const satisfies Record<string, keyof RecordedEvent>
const NAMES = Object.keys(IN_COLUMNS) as (keyof typeof IN_COLUMNS)[]

/** What an event's own columns cannot give back of it. No attribute has these names. */
const [TIME, VERSION] = [':time', ':version']
/** Says that the message has no key of its own; what orders the event is among its attributes, or in its body. No attribute has this name. */
const NO_KEY = ':key'

type Columns = Omit<RecordedEvent, 'message'>

/** What the columns cannot give back of a message: attributes without a column, those whose column has another text, and null for those that only the column has. */
export function otherAttributes(event: RecordedEvent): Record<string, string | null> {
  const { message, key } = event
  const others: Record<string, string | null> = { ...message.attributes }
  for (const name of NAMES) {
    const text = textOf(event, name)
    if (others[name] === text) delete others[name]
    else if (text !== undefined && !Object.hasOwn(others, name)) others[name] = null
  }
  if (key !== message.key) others[NO_KEY] = message.key ?? null
  return { ...others, ...unfit(event) }
}

/** Members that their columns cannot take. */
function unfit({ time, version }: RecordedEvent): Record<string, string> {
  return {
    ...(time !== undefined && !isKept(time) && { [TIME]: time }),
    ...(version !== undefined && !isInt32(version) && { [VERSION]: String(version) }),
  }
}

/** Members of an event that its columns could not take. */
export function ownTexts(others: Readonly<Record<string, string | null>>): { time?: string; version?: string } {
  return { time: others[TIME] ?? undefined, version: others[VERSION] ?? undefined }
}

/** The attributes and the key of the message that an event was. */
export function attributesOf(
  event: Columns,
  others: Readonly<Record<string, string | null>>
): Pick<WireMessage, 'attributes' | 'key'> {
  const inColumns = NAMES.map((name): [string, string | null | undefined] => [name, textOf(event, name)])
  const all = Object.entries({ ...Object.fromEntries(inColumns), ...others })
  const attributes = all.filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !entry[0].startsWith(':')
  )
  const key = Object.hasOwn(others, NO_KEY) ? (others[NO_KEY] ?? undefined) : event.key
  return { attributes: Object.fromEntries(attributes), ...(key !== undefined && { key }) }
}

/** An attribute as its member gives it back. */
function textOf(event: Columns, name: keyof typeof IN_COLUMNS): string | undefined {
  const value = event[IN_COLUMNS[name]]
  return value === undefined ? undefined : String(value)
}

/** Whether a number fits into the column of versions. */
export function isInt32(value: number | undefined): value is number {
  return value !== undefined && (value | 0) === value && !Object.is(value, -0)
}

/** Whether a column of times gives back a text as it was. */
function isKept(time: string): boolean {
  const micros = microsOf(time)
  return micros !== undefined && textOfMicros(micros) === time
}
