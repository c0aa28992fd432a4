import { StreamerError } from '@boostercloud/streamer-connector'
import { buildInstance, hasAccessor } from './build-instance'
import { fieldsOf } from './class-metadata'
import { classSchemaOf } from './class-schema'
import type { Warn } from './class-schema'
import type { AnyClass } from './class-metadata'
import { Misfit, readerOf } from './field-reader'
import type { Read } from './field-reader'

interface FieldReader {
  readonly name: string
  readonly read: Read
}

const readersByClass = new WeakMap<AnyClass, readonly FieldReader[]>()

/**
 * An event of a class, made of the fields that came from outside: a `Date`, a `bigint` and an object of a nested class where the class has one. The schema that was written
 * for the class decides; where there is none, what the compiler plugin says of the class without doubt. No field stands in the place of a method. A class with neither
 * schema nor plugin is not looked into. Throws `EVENT_MISMATCH` for the first field that does not fit.
 */
export function eventOfFields<T extends object>(
  eventClass: abstract new (...args: never[]) => T,
  fields: object,
  at: string,
  warn: Warn
): T {
  for (const name of Object.keys(fields)) {
    if (typeof (eventClass.prototype as Record<string, unknown>)[name] === 'function') {
      throw mismatch(`has a field in the place of the method ${name}`, eventClass, at)
    }
  }
  const schema = classSchemaOf(eventClass, warn)
  const refused = schema?.misfit(fields)
  if (refused) throw mismatchOf(refused, valueAt(fields, refused.path), eventClass, at)
  const event = buildInstance(eventClass, fields)
  const misfit = readInto(eventClass, event)
  if (misfit && !schema) throw mismatchOf(misfit, valueAt(event, misfit.path), eventClass, at)
  schema?.revive(event)
  return event
}

/** Puts in the place of each field that fits its type what the type makes of it; answers the first that does not fit. */
function readInto(ofClass: AnyClass, object: object): Misfit | undefined {
  const fields = object as Record<string, unknown>
  let misfit: Misfit | undefined
  for (const { name, read } of readersFor(ofClass)) {
    const value = read(fields[name])
    if (value instanceof Misfit) misfit ??= value.below(`.${name}`)
    else if (value !== fields[name]) fields[name] = value
  }
  return misfit
}

function readersFor(ofClass: AnyClass): readonly FieldReader[] {
  const known = readersByClass.get(ofClass)
  if (known) return known
  const readers = fieldsOf(ofClass)
    .filter(({ name, typeInfo }) => !typeInfo.isGetAccessor && !hasAccessor(ofClass, name))
    .map(({ name, typeInfo }) => ({ name, read: readerOf(typeInfo, readNested) }))
  readersByClass.set(ofClass, readers)
  return readers
}

/** An object of a nested class. */
function readNested(ofClass: AnyClass, value: object): unknown {
  const object = buildInstance(ofClass, value)
  return readInto(ofClass, object) ?? object
}

function mismatchOf(misfit: Misfit, value: unknown, eventClass: AnyClass, at: string): StreamerError {
  const field = misfit.path.slice(1)
  if (misfit.expected === undefined) return mismatch(`lacks the field ${field}`, eventClass, at)
  const hint = typeof value === 'bigint' ? ', but a whole number beyond 2^53, which needs a bigint' : ''
  return mismatch(`has a field ${field} that is no ${misfit.expected}${hint}`, eventClass, at)
}

/** What stands at a path as `.inner.count` or `.list[2]`. */
function valueAt(event: object, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], event)
}

function mismatch(what: string, { name }: AnyClass, at: string): StreamerError {
  return new StreamerError('EVENT_MISMATCH', `The event is no ${name}: it ${what}.`, {
    at,
    hint: 'Fix the producer, or write a schema migration; checkFields: false on the handler accepts it as it is.',
  })
}
