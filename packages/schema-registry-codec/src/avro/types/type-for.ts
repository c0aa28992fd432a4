import { Type, types } from 'avsc'
import type { schema as Avro } from 'avsc'
import { ArrayType, MapType } from './containers'
import { DecimalType } from './decimal'
import type { LogicalSchema } from './logical'
import { PendingType, withUsableParts } from './lenient'
import { BytesType, EnumType, FixedType, LongType, StringType } from './primitives'
import { TIMES, TimeType } from './temporal'
import { NamedUnionType, PlainUnionType, areTold } from './unions'
import { UuidType } from './uuid'
import { Misfit } from '../../misfit'

/** avsc gives its types a schema and these, and passes them on. */
type Options = object
/** Our part of them: whether defaults and aliases that are wrong are left out, instead of making the schema unusable. */
interface OurOptions {
  readonly isLenient?: boolean
}
type TypeClass = new (schema: never, options: Options) => Type

/** Ours in the place of avsc's; the others lose nothing. */
const OURS: Readonly<Record<string, TypeClass>> = {
  long: LongType as unknown as TypeClass,
  string: StringType as unknown as TypeClass,
  bytes: BytesType as unknown as TypeClass,
  fixed: FixedType,
  enum: EnumType,
  array: ArrayType,
  map: MapType,
}

const BUILT_IN = new Set(['null', 'boolean', 'int', 'float', 'double', 'record', 'error', ...Object.keys(OURS)])

const LOGICAL: ReadonlyMap<string, TypeClass> = new Map<string, TypeClass>([
  ['decimal', DecimalType],
  ['uuid', UuidType],
  ...Object.keys(TIMES).map((name): [string, TypeClass] => [name, TimeType]),
])

/**
 * A schema as a type of avsc, with those that it refers to already in the registry of names. Throws for what is no Avro schema, Avro 1.12,
 * "Schema Declaration".
 */
export function typeFor(schema: unknown, registry: Record<string, Type>, isLenient = false): Type {
  // A hook that is asked for a record's parts too, and is given the namespace they are in.
  const options = { registry, typeHook, omitRecordMethods: true, isLenient }
  return Type.forSchema(schema as Avro.AvroSchema, options as object)
}

function typeHook(schema: unknown, options: Options): Type | undefined {
  if (Array.isArray(schema)) return unionFor(schema, options)
  if (typeof schema === 'string') return Object.hasOwn(OURS, schema) ? typeHook({ type: schema }, options) : undefined
  if (typeof schema !== 'object' || schema === null) throw new Misfit('a type is a name, an object or a list')
  if (schema instanceof PendingType) return schema.made(options)
  const { type } = schema as { type?: unknown }
  // `{ "type": { "type": … } }` and `{ "type": "com.acme.Name" }`: a type with more to say of it, which is nothing that changes values.
  if (typeof type !== 'string' || !BUILT_IN.has(type)) return Type.forSchema(type as Avro.AvroSchema, options)
  return logicalFor(schema as LogicalSchema, options) ?? plainFor(schema as LogicalSchema, options)
}

function plainFor(schema: LogicalSchema, options: Options): Type | undefined {
  const usable = (options as OurOptions).isLenient ? withUsableParts(schema) : schema
  if (Object.hasOwn(OURS, schema.type)) return new OURS[schema.type](usable as never, options)
  return isRecord(schema) ? new types.RecordType(usable as never, options) : undefined
}

function isRecord({ type }: LogicalSchema): boolean {
  return type === 'record' || type === 'error'
}

/** A logical type that is unknown or wrongly used is none: Avro 1.12, "Logical Types". */
function logicalFor(schema: LogicalSchema, options: Options): Type | undefined {
  const Logical = LOGICAL.get(schema.logicalType)
  if (!Logical) return undefined
  try {
    return new Logical(schema as never, options)
  } catch {
    return undefined
  }
}

function unionFor(branches: readonly unknown[], options: Options): Type {
  const types = branches.map((branch) => Type.forSchema(branch as Avro.AvroSchema, options))
  const Union = areTold(types) ? PlainUnionType : NamedUnionType
  return new Union(types as never, options)
}
