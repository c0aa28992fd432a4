import type { Type } from 'avsc'
import { TextType } from '../types/logical'
import type { Tap } from '../types/tap'
import { Misfit } from '../../misfit'

/** What reads a writer's bytes as a value of a reader's type. */
export interface Reading {
  _read(tap: Tap): unknown
}

/** A reading of a function. All are of one class, so that the engine sees one shape. */
export class FunctionReading implements Reading {
  public constructor(public _read: (tap: Tap) => unknown) {}
}

/** For what can be read as nothing of the reader's: only a value that comes to it is an error. */
export function misfit(why: string): Reading {
  return new FunctionReading(() => {
    throw new Misfit(why)
  })
}

/** A type in words: its name, that of its logical type, or what it is. */
export function nameOf(type: Type): string {
  if (type instanceof TextType) return type.logicalType
  return type.name ?? type.typeName.replace(/^union:.*/, 'union')
}
