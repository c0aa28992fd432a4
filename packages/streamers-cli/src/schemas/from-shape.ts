import type { NamedShape, SchemaShape, Shape } from '@boostercloud/schema-registry-codec'
import type { FieldSchema } from './event-schema'

/**
 * The records of an Avro schema as what is compared: what their values are in JavaScript, by the records' names without namespaces. Integers and
 * logical types are numbers and texts like any other.
 */
export function schemasOfShape({ roots, named }: SchemaShape): ReadonlyMap<string, FieldSchema> {
  const definitions = Object.fromEntries([...named].map(([name, shape]) => [name, ofNamed(shape)]))
  const records = roots.flatMap((root) => (root.kind === 'named' ? [root.name] : []))
  return new Map(records.map((name) => [lastPart(name), { ...definitions[name], definitions }]))
}

function ofNamed(shape: NamedShape): FieldSchema {
  if (shape.kind === 'enum') return { type: 'string', enum: shape.symbols }
  const properties = shape.fields.map(({ name, shape: of }) => [name, schemaOf(withoutNull(of))] as const)
  const required = shape.fields.filter(({ shape: of }) => withoutNull(of) === of).map(({ name }) => name)
  return { type: 'object', properties: Object.fromEntries(properties), required }
}

const PLAIN = { null: 'null', boolean: 'boolean', number: 'number', long: 'number', string: 'string', bytes: 'bytes' }

function schemaOf(shape: Shape): FieldSchema {
  switch (shape.kind) {
    case 'named':
      return { $ref: `#/definitions/${encodeURIComponent(shape.name)}` }
    case 'list':
      return { type: 'array', items: schemaOf(shape.of) }
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(shape.of) }
    case 'choice':
      return { anyOf: shape.branches.map(schemaOf) }
    default:
      return { type: PLAIN[shape.kind] }
  }
}

/** What may be null may be missing: in Avro it is the same. */
function withoutNull(shape: Shape): Shape {
  if (shape.kind !== 'choice') return shape
  const branches = shape.branches.filter(({ kind }) => kind !== 'null')
  if (branches.length === shape.branches.length) return shape
  return branches.length === 1 ? branches[0] : { ...shape, branches }
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
