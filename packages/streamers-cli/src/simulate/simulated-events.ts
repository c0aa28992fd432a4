import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import Ajv from 'ajv'
import * as fc from 'fast-check'
import type { EventSchema, FieldSchema } from '../schemas'
import { valuesOf } from './values'

/** Events that are generated together, from one seed. */
const CHUNK = 100
/** Values in a row that the schema refuses, after which no more are tried. */
const MOST_REFUSED = 1_000

/** Which events are generated, and of which values. */
export interface Simulation {
  readonly seed: number
  /** The field that orders. Undefined: the events have no key. */
  readonly key?: string
  /** How many different values the key has at most. Undefined: each event has its own. */
  readonly entities?: number
}

/** A generated event. */
export interface SimulatedEvent {
  readonly event: EventSchema
  /** As they travel. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly key?: string
}

/**
 * Events of these schemas without an end, of all of them mixed; the same fields for the same seed. Throws `OPTION_INVALID`, before the first one, for a key that is not a
 * required field of each, and for a schema from which no values can be made.
 */
export function simulatedEvents(
  events: readonly EventSchema[],
  simulation: Simulation
): Generator<SimulatedEvent, void, undefined> {
  return drawn(fc.oneof(...eventsOf(events, simulation)), simulation.seed)
}

function* drawn(one: fc.Arbitrary<Generated>, seed: number): Generator<SimulatedEvent, void, undefined> {
  for (let chunk = 0, refused = 0; ; chunk += 1) {
    for (const { isValid, ...generated } of fc.sample(one, { seed: seed + chunk, numRuns: CHUNK })) {
      refused = isValid ? 0 : refused + 1
      if (refused > MOST_REFUSED) throw unmet(generated.event)
      if (isValid) yield generated
    }
  }
}

type Generated = SimulatedEvent & { readonly isValid: boolean }

function eventsOf(
  events: readonly EventSchema[],
  { seed, key, entities }: Simulation
): readonly fc.Arbitrary<Generated>[] {
  if (key === undefined) return events.map((event) => generated(event, {}))
  for (const event of events) assertKey(event, key)
  const keys = entities === undefined ? undefined : keysOf(events[0], key, { seed, entities })
  return events.map((event) => generated(event, { key, keys }))
}

function generated(
  event: EventSchema,
  { key, keys }: { readonly key?: string; readonly keys?: readonly unknown[] }
): fc.Arbitrary<Generated> {
  const { schema, at } = event
  const isValid = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(schema)
  const chosen = key !== undefined && keys && { [key]: { enum: keys } }
  return valuesOf({ ...schema, properties: { ...schema.properties, ...chosen } }, at).map((values) => {
    const fields = values as SimulatedEvent['fields']
    return { event, fields, ...(key !== undefined && { key: String(fields[key]) }), isValid: isValid(fields) }
  })
}

function keysOf(
  { schema, at }: EventSchema,
  key: string,
  { seed, entities }: { readonly seed: number; readonly entities: number }
): unknown[] {
  const { definitions } = schema
  const field: FieldSchema = { ...schema.properties?.[key], ...(definitions && { definitions }) }
  const values = fc.sample(valuesOf(field, at), { seed, numRuns: entities * 10 })
  return [...new Set(values)].slice(0, entities)
}

function assertKey({ event, schema, at }: EventSchema, key: string): void {
  const fields = schema.required ?? []
  if (fields.includes(key)) return
  throw new StreamerError('OPTION_INVALID', `${event} has no field '${key}' that is always there.`, {
    at,
    hint: `${didYouMean(key, fields)}It has ${fields.map((name) => `'${name}'`).join(', ') || 'none'}.`,
  })
}

function unmet({ event, at }: EventSchema): StreamerError {
  return new StreamerError('OPTION_INVALID', `No values were found that the schema of ${event} takes.`, {
    at,
    hint: 'Name other events with --type, or publish such events with boost-streamers publish.',
  })
}
