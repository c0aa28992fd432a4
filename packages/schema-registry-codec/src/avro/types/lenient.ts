import { Type } from 'avsc'
import type { schema as Avro } from 'avsc'
import type { CodingType } from './tap'

type Attributes = Readonly<Record<string, unknown>>

/** How avsc copies a default: text stands for bytes, and the value for itself in a union. */
const DEFAULT = { coerce: 2, wrap: 2 }

/**
 * A record or an enum without what is wrong in those of its attributes that no byte depends on: defaults that are not of their type, aliases that are
 * no names. Who wrote with such a schema wrote bytes like anybody's.
 */
export function withUsableParts<T extends Attributes>(schema: T): T {
  const { fields, symbols, default: symbol } = schema
  const usable = withoutUnusable(schema)
  if (Array.isArray(symbols) && !symbols.includes(symbol)) return { ...usable, default: undefined }
  return Array.isArray(fields)
    ? { ...usable, fields: fields.map((field) => new UsableField(field as Attributes)) }
    : usable
}

/** The type of a field that avsc is about to ask for. */
export class PendingType {
  private type?: Type

  public constructor(private readonly schema: unknown) {}

  public made(options: object): Type {
    return (this.type = Type.forSchema(this.schema as Avro.AvroSchema, options))
  }

  /** Whether a default is of this type; false before it is made. */
  public has(value: unknown): boolean {
    try {
      return (this.type as CodingType)._copy(value, DEFAULT) !== undefined
    } catch {
      return false
    }
  }
}

/** avsc asks for a field's type before it asks for its default. */
class UsableField {
  public readonly name: unknown
  public readonly type: PendingType
  public readonly aliases: unknown
  public readonly doc: unknown
  private readonly value: unknown

  public constructor(field: Attributes) {
    const { name, aliases, doc } = withoutUnusable(field)
    this.name = name
    this.aliases = aliases
    this.doc = doc
    this.value = field.default
    this.type = new PendingType(field.type)
  }

  public get default(): unknown {
    return this.value !== undefined && this.type.has(this.value) ? this.value : undefined
  }
}

function withoutUnusable<T extends Attributes>(schema: T): T {
  const { aliases } = schema
  if (aliases === undefined) return schema
  const areNames = Array.isArray(aliases) && aliases.every((alias) => typeof alias === 'string')
  return areNames ? schema : { ...schema, aliases: undefined }
}
