import { Type } from 'avsc'
import type { types } from 'avsc'
import { Misfit } from '../misfit'

/** Values in a type of a schema that somebody wrote by hand or by a generator. */
const MAX_WEIGHT = 10_000

const weights = new WeakMap<Type, number>()
const underWay = new Set<Type>()

/**
 * How many values one value of a type is made of, before any of its lists, maps and unions adds its own. Records name each other, so a
 * small schema can stand for billions. Throws for one that does, and for a record that contains itself.
 */
export function weightOf(type: Type): number {
  const known = weights.get(type)
  if (known !== undefined) return known
  if (underWay.has(type)) throw new Misfit(`the record ${type.name} contains itself`)
  underWay.add(type)
  try {
    const weight = 1 + fieldsOf(type).reduce((sum, field) => sum + weightOf(field.type), 0)
    if (weight > MAX_WEIGHT) throw new Misfit(`a record has more than ${MAX_WEIGHT} values`)
    weights.set(type, weight)
    return weight
  } finally {
    underWay.delete(type)
  }
}

/** The fields of a record; of anything else none. */
function fieldsOf(type: Type): types.Field[] {
  return Type.isType(type, 'record', 'error') ? (type as types.RecordType).fields : []
}
