import { types } from 'avsc'
import type { Type } from 'avsc'
import { budget } from '../budget'
import { codingOf } from './tap'
import type { CodingType, CopyOptions, Tap } from './tap'
import { weightOf } from '../weight'
import { Misfit } from '../../misfit'

/** What a value of a type is in JavaScript, as far as it tells the branches of a union apart. */
type ValueKind = 'null' | 'boolean' | 'number' | 'string' | 'bytes' | 'array' | 'object'

const KINDS: Readonly<Record<string, ValueKind>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  enum: 'string',
  bytes: 'bytes',
  fixed: 'bytes',
  array: 'array',
  map: 'object',
  record: 'object',
  error: 'object',
}

/** The kind of a type's values; those of all our logical types are text. */
function kindOf(type: Type): ValueKind {
  return KINDS[type.typeName] ?? 'string'
}

/** Whether a value of a union says by its kind which branch it is of. */
export function areTold(branches: readonly Type[]): boolean {
  return new Set(branches.map(kindOf)).size === branches.length
}

/** A union of branches whose kinds differ: a value stands for itself. `undefined` is written as null. */
export class PlainUnionType extends types.UnwrappedUnionType {
  public _read(tap: Tap): unknown {
    return inBranch(this.types, tap, (branch) => branch._read(tap))
  }

  public _skip(tap: Tap): void {
    inBranch(this.types, tap, (branch) => branch._skip(tap))
  }

  public _check(value: unknown, flags?: number, hook?: Hook, path?: string[]): boolean {
    const index = this._getIndex(value)
    if (index !== undefined) return (this.types[index] as CodingType)._check(value ?? null, flags, hook, path)
    hook?.(value, this)
    return false
  }

  public _write(tap: Tap, value: unknown): void {
    const index = this._getIndex(value)
    if (index === undefined) throw new Misfit('no branch')
    tap.writeLong(index)
    ;(this.types[index] as CodingType)._write(tap, value ?? null)
  }

  public _copy(value: unknown, options?: CopyOptions): unknown {
    if (options?.wrap !== DEFAULT) return codingOf(types.UnwrappedUnionType)._copy.call(this, value, options)
    return ofFirst(this.types, value, options).copy
  }

  public _getIndex(value: unknown): number | undefined {
    const kind = kindOfValue(value)
    const index = this.types.findIndex((branch) => kindOf(branch) === kind)
    return index < 0 ? undefined : index
  }
}

/** A union whose values need a name to be told apart, as in Avro's own JSON: `{ "com.acme.Paid": { … } }`; null stands for itself. */
export class NamedUnionType extends types.WrappedUnionType {
  public _read(tap: Tap): unknown {
    return inBranch(this.types, tap, (branch) => named(branch, branch._read(tap)))
  }

  public _skip(tap: Tap): void {
    inBranch(this.types, tap, (branch) => branch._skip(tap))
  }

  public _write(tap: Tap, value: unknown): void {
    const [name, inner] = value === null || value === undefined ? ['null', null] : onlyEntry(value)
    const index = this.types.findIndex(({ branchName }) => branchName === name)
    if (index < 0) throw new Misfit('no branch')
    tap.writeLong(index)
    ;(this.types[index] as CodingType)._write(tap, inner)
  }

  public _copy(value: unknown, options?: CopyOptions): unknown {
    if (options?.wrap !== DEFAULT) return codingOf(types.WrappedUnionType)._copy.call(this, value, options)
    const { branch, copy } = ofFirst(this.types, value, options)
    return named(branch, copy)
  }
}

type Hook = (value: unknown, type: Type) => void

/** How avsc says that what is copied is a field's default, as the schema has it. */
const DEFAULT = 2

/** A default is of the first branch that it fits: Avro 1.12, "Unions". Throws where there is none. */
function ofFirst(
  branches: readonly Type[],
  value: unknown,
  options: CopyOptions
): { readonly branch: CodingType; readonly copy: unknown } {
  for (const branch of branches as readonly CodingType[]) {
    try {
      return { branch, copy: branch._copy(value, options) }
    } catch {
      // The next branch is asked.
    }
  }
  throw new Misfit('the default is of no branch of its union')
}

function inBranch<T>(branches: readonly Type[], tap: Tap, work: (branch: CodingType) => T): T {
  const branch = branches[tap.readLong()] as CodingType | undefined
  if (!branch) throw new Misfit('a union has no such branch')
  budget.enter()
  budget.spend(weightOf(branch))
  const done = work(branch)
  budget.leave()
  return done
}

/** A value of a branch as it is in a union of names. */
export function named({ branchName, typeName }: CodingType, value: unknown): unknown {
  return typeName === 'null' ? null : { [String(branchName)]: value }
}

function onlyEntry(value: unknown): [string, unknown] {
  const entries = typeof value === 'object' ? Object.entries(value as object) : []
  if (entries.length !== 1) throw new Misfit('no named branch')
  return entries[0]
}

const PLAIN_KINDS: ReadonlyMap<string, ValueKind> = new Map([
  ['undefined', 'null'],
  ['boolean', 'boolean'],
  ['number', 'number'],
  ['bigint', 'number'],
  ['string', 'string'],
])

function kindOfValue(value: unknown): ValueKind | undefined {
  if (value === null) return 'null'
  if (typeof value !== 'object') return PLAIN_KINDS.get(typeof value)
  if (Array.isArray(value)) return 'array'
  if (value instanceof Uint8Array) return 'bytes'
  // A Date is written as text where the schema has a time.
  return value instanceof Date ? 'string' : 'object'
}
