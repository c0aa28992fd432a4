import type { FieldShape, NamedShape, SchemaLanguage, SchemaShape, Shape } from '@boostercloud/schema-registry-codec'
import type { FieldSchema } from '../event-schema'

/**
 * What a body may hold in a registry's schema, as what is compared: what its values are in JavaScript, by names without namespaces. Integers and
 * texts with a meaning are numbers and texts like any other.
 */
export function schemasOfShape(
  { roots, named }: SchemaShape,
  language: SchemaLanguage
): ReadonlyMap<string, FieldSchema> {
  const definitions = Object.fromEntries([...named].map(([name, shape]) => [name, ofNamed(shape, language)]))
  const records = roots.flatMap((root) => (root.kind === 'named' ? [root.name] : []))
  return new Map(records.map((name) => [lastPart(name), { ...definitions[name], definitions }]))
}

function ofNamed(shape: NamedShape, language: SchemaLanguage): FieldSchema {
  if (shape.kind === 'enum') return enumSchema(shape)
  const fields = shape.fields.map((field) => (language === 'AVRO' ? withoutNull(field) : field))
  const properties = fields.map(({ name, shape: of }) => [name, schemaOf(of)] as const)
  const required = fields.filter(({ isOptional = false }) => !isOptional).map(({ name }) => name)
  return { type: 'object', properties: Object.fromEntries(properties), required }
}

function enumSchema({ symbols, isOpen = false }: Extract<NamedShape, { kind: 'enum' }>): FieldSchema {
  const named: FieldSchema = { type: 'string', enum: symbols }
  return isOpen ? { anyOf: [named, { type: 'number' }] } : named
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
    case 'literals':
      return { enum: shape.of }
    case 'unknown':
      return {}
    default:
      return { type: PLAIN[shape.kind] }
  }
}

/** What may be null may be missing: in Avro it is the same. */
function withoutNull(field: FieldShape): FieldShape {
  const { shape } = field
  if (shape.kind !== 'choice') return field
  const branches = shape.branches.filter(({ kind }) => kind !== 'null')
  if (branches.length === shape.branches.length) return field
  return { ...field, shape: branches.length === 1 ? branches[0] : { ...shape, branches }, isOptional: true }
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
