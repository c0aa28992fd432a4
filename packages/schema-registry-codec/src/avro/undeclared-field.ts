import { Type, types } from 'avsc'
import { TextType } from './types/logical'
import { NamedUnionType, PlainUnionType } from './types/unions'

/** Looks for a field that a type does not have, and answers its path. */
type Finder = (value: unknown) => string | undefined

const finders = new WeakMap<Type, Finder>()
const nothing: Finder = () => undefined

/** A field of an event that its schema does not have, and that would silently be lost: its path. */
export function undeclaredField(type: Type, value: unknown): string | undefined {
  return finderFor(type)(value)
}

function finderFor(type: Type): Finder {
  const known = finders.get(type)
  if (known) return known
  // A type may contain itself; by the time this is called, what it calls is there.
  finders.set(type, (value) => finder(value))
  const finder = newFinder(type)
  finders.set(type, finder)
  return finder
}

function newFinder(type: Type): Finder {
  if (type instanceof TextType) return nothing
  if (Type.isType(type, 'record', 'error')) return inRecord(type as types.RecordType)
  if (type instanceof types.ArrayType) return inEntries(finderFor(type.itemsType))
  if (type instanceof types.MapType) return inEntries(finderFor(type.valuesType as Type))
  if (type instanceof PlainUnionType) return inPlainUnion(type)
  if (type instanceof NamedUnionType) {
    return inMembers(new Map(type.types.map((one) => [String(one.branchName), finderFor(one)])))
  }
  return nothing
}

function inRecord({ fields }: types.RecordType): Finder {
  return inMembers(new Map(fields.map((field) => [field.name, finderFor(field.type)])))
}

function inMembers(members: ReadonlyMap<string, Finder>): Finder {
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    for (const name of Object.keys(value)) {
      const inner = (value as Record<string, unknown>)[name]
      if (inner === undefined || typeof inner === 'function') continue
      const find = members.get(name)
      if (!find) return name
      const deeper = find(inner)
      if (deeper !== undefined) return `${name}.${deeper}`
    }
    return undefined
  }
}

function inEntries(find: Finder): Finder {
  if (find === nothing) return nothing
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    for (const [name, inner] of Object.entries(value)) {
      const deeper = find(inner)
      if (deeper !== undefined) return `${name}.${deeper}`
    }
    return undefined
  }
}

function inPlainUnion(union: PlainUnionType): Finder {
  const branches = union.types.map(finderFor)
  if (branches.every((find) => find === nothing)) return nothing
  return (value) => {
    const index = union._getIndex(value)
    return index === undefined ? undefined : branches[index](value)
  }
}
