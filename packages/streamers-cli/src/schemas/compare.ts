import { Comparison } from './comparison'
import type { FieldChange } from './comparison'
import type { EventSchema } from './event-schema'
import { definitionsOf } from './values'

/** Which readers must go on reading which data. */
export type Compatibility = 'backward' | 'forward' | 'full'

/** One difference between two schemas of an event. */
export interface SchemaChange {
  readonly event: string
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

/** What has changed between two sets of schemas, by event and field. */
export function compareSchemas(before: readonly EventSchema[], after: readonly EventSchema[]): SchemaChange[] {
  const changes: SchemaChange[] = []
  for (const old of before) {
    const now = after.find(({ event }) => event === old.event)
    if (now) changes.push(...removedTopics(old, now), ...compareEvent(old, now))
    else changes.push(removedEvent(old))
  }
  for (const { event, at } of after.filter((one) => !before.some((old) => old.event === one.event))) {
    changes.push({
      event,
      at,
      field: '',
      what: 'is new',
      breaksBackward: false,
      breaksForward: false,
      waits: false,
      hint: '',
    })
  }
  return changes
}

function removedEvent({ event, at }: EventSchema): SchemaChange {
  return {
    event,
    at,
    field: '',
    what: 'is gone, or was renamed',
    breaksBackward: true,
    breaksForward: true,
    waits: false,
    hint: `Keep ${event} until nobody handles it; publish the new event beside it.`,
  }
}

/** Old events stay in a topic that nobody reads any more, and who has not followed yet reads one that stays empty. */
function removedTopics(before: EventSchema, after: EventSchema): SchemaChange[] {
  const gone = Object.entries(before.topics).filter(([address]) => !Object.hasOwn(after.topics, address))
  return gone.map(([address, at]) => ({
    event: before.event,
    at,
    address,
    field: '',
    what: `is carried by ${address} no longer`,
    breaksBackward: true,
    breaksForward: true,
    waits: false,
    hint: `Keep ${address} in the contract until no service publishes or handles ${before.event} there.`,
  }))
}

function compareEvent(before: EventSchema, after: EventSchema): SchemaChange[] {
  const isMigrated = after.version > before.version
  const comparison = new Comparison(definitionsOf(before.schema), definitionsOf(after.schema))
  comparison.event(before.schema, after.schema)
  return comparison.found.map(({ field, what, older, newer, hint }) => ({
    event: after.event,
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

type Fixable = Pick<FieldChange, 'older' | 'newer' | 'hint'>

function fixOf({ older, newer, hint }: Fixable, { event, version }: EventSchema, isMigrated: boolean): string {
  if (!isMigrated) return older ? `${hint}, or write a migration to version ${version + 1}.` : `${hint}.`
  if (!newer) return `${hint}.`
  return `Update the services that handle ${event} before those that publish it, and check with --compatibility backward.`
}
