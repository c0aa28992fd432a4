import { StreamerError } from '@boostercloud/streamer-connector'
import { describeSchema } from '@boostercloud/schema-registry-codec'
import { TYPE, VERSION } from '../event-schema'
import type { EventSchema, FieldSchema } from '../event-schema'

/** A schema of Avro, as JSON has it (https://avro.apache.org/docs/1.12.0/specification/). */
type AvroSchema = string | { readonly type: string; readonly [attribute: string]: unknown } | AvroSchema[]

/** An event's schema as an Avro record. */
export type AvroRecord = { readonly type: 'record'; readonly name: string } & Readonly<Record<string, unknown>>

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * An event's schema in Avro: its record is called as the class is. A number is a `double`, a `bigint` a `long`, a `UUID` and a `Date` have their logical types, what may be
 * missing is a union with null. Throws `OPTION_INVALID` with the field for what Avro has no type for.
 */
export function avroOf({ event, type, version, at, schema }: EventSchema, namespace?: string): AvroRecord {
  const record = new Conversion(schema.definitions ?? {}, `${at}: ${event}`).record(schema, [event])
  const called = type === undefined ? {} : { [TYPE]: type }
  const named = { ...record, ...(namespace === undefined ? {} : { namespace }), [VERSION]: version, ...called }
  describeSchema(named)
  return named
}

/** Where a type stands: the event, and the fields that lead there. */
type Path = readonly string[]

class Conversion {
  /** Names are written out once, and then only called. */
  private readonly named = new Map<string, string>()
  private readonly taken = new Set<string>()

  public constructor(
    private readonly definitions: Readonly<Record<string, FieldSchema>>,
    private readonly at: string
  ) {}

  public record({ properties = {}, required = [] }: FieldSchema, path: Path, name = this.nameFor(path)): AvroRecord {
    const fields = Object.entries(properties).map(([field, schema]) => {
      if (!NAME.test(field)) throw this.refused([...path, field], 'Avro allows letters, digits and _ in names')
      const type = this.type(schema, [...path, field])
      return required.includes(field) ? { name: field, type } : { name: field, type: orNull(type), default: null }
    })
    return { type: 'record', name, fields }
  }

  /** Two paths may come to one name: `a.b_c` and `a_b.c`. */
  private nameFor(path: Path): string {
    const base = path.join('_')
    let name = base
    for (let next = 2; this.taken.has(name); next += 1) name = `${base}_${next}`
    this.taken.add(name)
    return name
  }

  private type(schema: FieldSchema, path: Path): AvroSchema {
    if (schema.$ref !== undefined) return this.reference(schema.$ref, path)
    if (schema.anyOf) return this.union(this.each(schema.anyOf, path), path)
    if (schema.enum) return this.values(schema.enum, path)
    if (schema.const !== undefined) return this.values([schema.const], path)
    if (Array.isArray(schema.type)) {
      return this.union(
        (schema.type as string[]).map((type) => this.type({ ...schema, type }, path)),
        path
      )
    }
    return this.plain(schema, path)
  }

  private each(schemas: readonly FieldSchema[], path: Path): AvroSchema[] {
    return schemas.map((one, index) => this.type(one, [...path, String(index + 1)]))
  }

  private plain(schema: FieldSchema, path: Path): AvroSchema {
    switch (schema.type) {
      case 'string':
        return textOf(schema)
      case 'number':
        return schema.format === 'int64' ? 'long' : 'double'
      case 'integer':
        return 'long'
      case 'boolean':
      case 'null':
        return schema.type
      case 'array':
        return { type: 'array', items: this.items(schema, path) }
      case 'object':
        return this.object(schema, path)
      default:
        throw this.refused(path, schema.not ? 'it can have no value' : 'its type can be anything')
    }
  }

  private items({ items }: FieldSchema, path: Path): AvroSchema {
    const all = (Array.isArray(items) ? items : [items ?? {}]) as FieldSchema[]
    return all.length > 1 ? this.union(this.each(all, path), path) : this.type(all[0], path)
  }

  private object(schema: FieldSchema, path: Path): AvroSchema {
    const { properties = {}, additionalProperties: values } = schema
    if (Object.keys(properties).length > 0) return this.record(schema, path)
    if (typeof values !== 'object') throw this.refused(path, 'its members are not known')
    return { type: 'map', values: this.type(values, [...path, 'value']) }
  }

  /** Of a type that contains itself. Its record is called by where it stands first: what the extraction calls it changes with the file. */
  private reference(ref: string, path: Path): AvroSchema {
    const key = decodeURIComponent(ref.slice('#/definitions/'.length))
    const known = this.named.get(key)
    if (known !== undefined) return known
    const schema = this.definitions[key] ?? {}
    if (schema.properties === undefined) throw this.refused(path, 'Avro has no type that contains itself but a record')
    const name = this.nameFor(path)
    this.named.set(key, name)
    return this.record(schema, path, name)
  }

  /** An enum if its values can be symbols of one; else what they are. */
  private values(values: readonly unknown[], path: Path): AvroSchema {
    if (values.every((value) => typeof value === 'string' && NAME.test(value))) {
      return { type: 'enum', name: this.nameFor(path), symbols: values }
    }
    const kinds = { string: 'string', number: 'double', boolean: 'boolean' } as Readonly<Record<string, string>>
    return this.union(
      values.map((value) => (value === null ? 'null' : (kinds[typeof value] ?? 'string'))),
      path
    )
  }

  /** A union holds no union, and no type twice: a text with a logical type beside another text is a text. */
  private union(types: readonly AvroSchema[], path: Path): AvroSchema {
    const all = types.flat() as AvroSchema[]
    const hasText = all.includes('string')
    const branches = all.map((one) => (hasText && kindOf(one) === 'string' ? 'string' : one))
    const distinct = [...new Map(branches.map((one) => [JSON.stringify(one), one])).values()]
    const kinds = distinct.map(kindOf)
    const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index)
    if (twice !== undefined) throw this.refused(path, `Avro allows one type of kind ${twice} in a union`)
    return distinct.length === 1 ? distinct[0] : distinct
  }

  private refused(path: Path, why: string): StreamerError {
    return new StreamerError('OPTION_INVALID', `There is no Avro type for ${path.join('.')}: ${why}.`, {
      at: this.at,
      hint: 'Give the field a type that Avro has, or extract JSON Schema.',
    })
  }
}

function textOf({ format }: FieldSchema): AvroSchema {
  if (format === 'byte') return 'bytes'
  if (format === 'uuid') return { type: 'string', logicalType: 'uuid' }
  return format === 'date-time' ? { type: 'long', logicalType: 'timestamp-millis' } : 'string'
}

function orNull(type: AvroSchema): AvroSchema {
  const branches = Array.isArray(type) ? type : [type]
  return ['null', ...branches.filter((one) => one !== 'null')]
}

/** What may stand in a union once. A type with a name may stand there beside others of its kind. */
function kindOf(type: AvroSchema): string {
  if (typeof type === 'string' || Array.isArray(type)) return String(type)
  return type.name === undefined ? type.type : String(type.name)
}
