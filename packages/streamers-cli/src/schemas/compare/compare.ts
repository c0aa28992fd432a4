import { Comparison } from './comparison'
import type { FieldChange } from './comparison'
import type { EventSchema } from '../event-schema'
import { definitionsOf } from './values'

/** Which readers must go on reading which data. */
export type Compatibility = 'backward' | 'forward' | 'full'

/** One difference between two schemas of an event. */
export interface SchemaChange {
  readonly event: string
  /** What its events were called on the wire, if that is known. */
  readonly type?: string
  /** As `customer.name`; empty: the event itself. */
  readonly field: string
  readonly what: string
  /** New code can't read what was written before. */
  readonly breaksBackward: boolean
  /** Code that is not updated yet can't read what is written from now on. */
  readonly breaksForward: boolean
  /** The event has a higher version: code that is not updated yet parks it, and handles it once it is. */
  readonly waits: boolean
  /** What to do, as an imperative sentence. */
  readonly hint: string
  /** Where the event's class is, now or before. */
  readonly at: string
  /** Where it was carried, if that is what has changed. */
  readonly address?: string
}

/** Whether a change breaks what is to be kept. */
export function breaks({ breaksBackward, breaksForward }: SchemaChange, kept: Compatibility): boolean {
  return (kept !== 'forward' && breaksBackward) || (kept !== 'backward' && breaksForward)
}

/**
 * What has changed between two sets of schemas, by event and field. Events are the same where they have one type on the wire, whatever their classes are called; where
 * what was before does not say its type, by the class.
 */
export function compareSchemas(before: readonly EventSchema[], after: readonly EventSchema[]): SchemaChange[] {
  const changes: SchemaChange[] = []
  const known = new Set<EventSchema>()
  for (const old of before) {
    const now = successorOf(old, before, after)
    if (now) known.add(now)
    if (now) changes.push(...renamed(old, now), ...removedTopics(old, now), ...compareEvent(old, now))
    else changes.push(removedEvent(old))
  }
  const added = after.filter((one) => !known.has(one))
  return [...changes, ...added.map(({ event, at }) => ({ ...NOTHING_BROKEN, event, at, what: 'is new' }))]
}

const NOTHING_BROKEN = { field: '', breaksBackward: false, breaksForward: false, waits: false, hint: '' }
const ALL_BROKEN = { field: '', breaksBackward: true, breaksForward: true, waits: false }

/** What has become of an event: the one of its type, or else the class of its name, where that is no other one's event. */
function successorOf(
  { event, type }: EventSchema,
  before: readonly EventSchema[],
  after: readonly EventSchema[]
): EventSchema | undefined {
  const isNamed = (one: EventSchema): boolean => one.event === event
  if (type === undefined) return after.find(isNamed)
  const same = after.filter((one) => one.type === type)
  const isOther = (one: EventSchema): boolean => before.some((old) => old.type === one.type)
  return same.find(isNamed) ?? same[0] ?? after.find((one) => isNamed(one) && !isOther(one))
}

/** Another type on the wire makes it another event to everybody; another name of the class does not. */
function renamed({ event, type }: EventSchema, now: EventSchema): SchemaChange[] {
  if (type !== undefined && now.type !== undefined && now.type !== type) {
    const what = `has another type on the wire: ${type} → ${now.type}`
    const hint = `Keep ${type} as the class's static eventType; a new type goes on a class of its own, published beside this one.`
    return [{ ...ALL_BROKEN, event: now.event, type, at: now.at, what, hint }]
  }
  if (now.event === event) return []
  const what = `was ${event}; its type on the wire is ${now.type} still`
  return [{ ...NOTHING_BROKEN, event: now.event, type, at: now.at, what }]
}

function removedEvent({ event, type, at }: EventSchema): SchemaChange {
  return {
    ...ALL_BROKEN,
    event,
    type,
    at,
    what: 'is gone, or was renamed',
    hint: `Keep ${event} until nobody handles it; publish the new event beside it.`,
  }
}

/** Old events stay in a topic that nobody reads any more, and who has not followed yet reads one that stays empty. */
function removedTopics(before: EventSchema, after: EventSchema): SchemaChange[] {
  const gone = Object.entries(before.topics).filter(([address]) => !Object.hasOwn(after.topics, address))
  return gone.map(([address, at]) => ({
    ...ALL_BROKEN,
    event: before.event,
    type: before.type,
    at,
    address,
    what: `is no longer carried by ${address}`,
    hint: `Keep ${address} in the contract until no service publishes or handles ${before.event} there.`,
  }))
}

function compareEvent(before: EventSchema, after: EventSchema): SchemaChange[] {
  const isMigrated = after.version > before.version
  const comparison = new Comparison(definitionsOf(before.schema), definitionsOf(after.schema))
  comparison.event(before.schema, after.schema)
  const methods = inPlaceOfMethods(before, after)
  const found = comparison.found.filter(({ field }) => !methods.some((one) => one.field === field))
  return [...methods, ...found].map(({ field, what, older, newer, hint }) => ({
    event: after.event,
    type: before.type,
    at: after.at,
    field,
    what,
    // A migration makes the new version of what was written before.
    breaksBackward: older && !isMigrated,
    breaksForward: newer,
    waits: newer && isMigrated,
    hint: fixOf({ older, newer, hint }, after, isMigrated),
  }))
}

/** Fields that stand where the other class has a method, which refuses events that have them. */
function inPlaceOfMethods(before: EventSchema, after: EventSchema): FieldChange[] {
  const fieldsOf = ({ schema }: EventSchema): string[] => Object.keys(schema.properties ?? {})
  const isRequired = ({ schema }: EventSchema, field: string): boolean => schema.required?.includes(field) ?? false
  const gone = fieldsOf(before).filter((field) => after.methods.includes(field))
  const come = fieldsOf(after).filter((field) => before.methods.includes(field))
  return [
    ...gone.map((field) => ({
      field,
      what: 'is a method now, which refuses events that have the field',
      older: true,
      newer: isRequired(before, field),
      hint: `Keep the field ${field} and give the method another name`,
    })),
    ...come.map((field) => ({
      field,
      what: 'is a field now, and was a method, which refuses events that have the field',
      older: isRequired(after, field),
      newer: true,
      hint: `Keep the method ${field} and give the field another name`,
    })),
  ]
}

type Fixable = Pick<FieldChange, 'older' | 'newer' | 'hint'>

function fixOf({ older, newer, hint }: Fixable, { event, version }: EventSchema, isMigrated: boolean): string {
  if (!isMigrated) return older ? `${hint}, or write a migration to version ${version + 1}.` : `${hint}.`
  if (!newer) return `${hint}.`
  return `Update the services that handle ${event} before those that publish it, and check with --compatibility backward.`
}
