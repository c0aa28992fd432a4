import { isOfJavaScript, microsOf, textOfMicros } from './instants'
import { putText } from './names'
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
  const { attributes } = message
  const others: Record<string, string | null> = {}
  for (const name of Object.keys(attributes))
    if (!isColumn(name) || attributes[name] !== textOf(event, name)) putText(others, name, attributes[name])
  for (const name of NAMES)
    if (textOf(event, name) !== undefined && !Object.hasOwn(attributes, name)) others[name] = null
  if (key !== message.key) others[NO_KEY] = message.key ?? null
  return addUnfit(others, event)
}

function isColumn(name: string): name is keyof typeof IN_COLUMNS {
  return Object.hasOwn(IN_COLUMNS, name)
}

/** Adds members that their columns cannot take. */
function addUnfit(
  others: Record<string, string | null>,
  { time, version }: RecordedEvent
): Record<string, string | null> {
  if (time !== undefined && !isKept(time)) others[TIME] = time
  if (version !== undefined && !isInt32(version)) others[VERSION] = String(version)
  return others
}

/** Members of an event that its columns could not take. */
export function ownTexts(others: Readonly<Record<string, string | null>>): { time?: string; version?: string } {
  return { time: others[TIME] ?? undefined, version: others[VERSION] ?? undefined }
}

/** The attributes and the key of the message that an event was. */
export function attributesOf(
  event: Columns,
  others: Readonly<Record<string, string | null>>
): { readonly attributes: Record<string, string>; readonly key: string | undefined } {
  const attributes: Record<string, string> = {}
  for (const name of NAMES) {
    const other = others[name]
    const text = other === undefined ? textOf(event, name) : other
    if (typeof text === 'string') attributes[name] = text
  }
  for (const name of Object.keys(others)) {
    const text = others[name]
    if (text !== null && !isColumn(name) && !name.startsWith(':')) putText(attributes, name, text)
  }
  const key = Object.hasOwn(others, NO_KEY) ? (others[NO_KEY] ?? undefined) : event.key
  return { attributes, key }
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
  if (isOfJavaScript(time)) return true
  const micros = microsOf(time)
  return micros !== undefined && textOfMicros(micros) === time
}
