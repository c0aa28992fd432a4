import type { Type } from 'avsc'
import { nameOf } from './reading'
import { Resolver } from './resolver'

/** A reading in the form that avsc has for it, in which it knows for which type it is. */
export type AvscResolver = ReturnType<Type['createResolver']>

/** What reads values of a writer's type as those of a reader's. Throws nothing: what does not fit is an error of its value. */
export function resolverOf(writer: Type, reader: Type): AvscResolver {
  const reading = new Resolver().reading(writer, reader, nameOf(reader))
  return { _readerType: reader, _read: reading._read.bind(reading) } as AvscResolver
}

export { firstMatch, hasNameOf, lastPart } from './matching'
export { nameOf } from './reading'
