/** The part of JSON Schema (draft 7) that the fields of events come to. */
export interface FieldSchema {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly FieldSchema[]
  readonly items?: FieldSchema | readonly FieldSchema[]
  readonly additionalItems?: boolean | FieldSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly not?: FieldSchema
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | FieldSchema
  readonly $ref?: string
  readonly definitions?: Readonly<Record<string, FieldSchema>>
}

/** The schema of one event class. */
export interface EventSchema {
  /** The class's name. */
  readonly event: string
  /** From 1. */
  readonly version: number
  /** `src/post-created.ts:4`, from the folder that it was extracted from. */
  readonly at: string
  readonly schema: FieldSchema
  /** Where each topic that carries it is declared, by address: `main/orders` → `src/streamers.ts:9`. */
  readonly topics: Readonly<Record<string, string>>
}

const VERSION = 'x-event-version'
const DECLARED_AT = 'x-declared-at'
const TOPICS = 'x-topics'

/** As it is written to a file: a JSON Schema that other tools read too. */
export function toDocument({ event, version, at, schema, topics }: EventSchema): Record<string, unknown> {
  const { $schema, ...rest } = schema as FieldSchema & { $schema?: string }
  return { $schema, title: event, [VERSION]: version, [DECLARED_AT]: at, [TOPICS]: topics, ...rest }
}

/** The inverse of {@link toDocument}; undefined for a document that is no event's. */
export function fromDocument(document: unknown): EventSchema | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  const { title, [VERSION]: version, [DECLARED_AT]: at, [TOPICS]: topics, ...schema } = document as Document
  if (typeof title !== 'string' || typeof version !== 'number') return undefined
  return { event: title, version, at: String(at), schema, topics: topics ?? {} }
}

type Document = Readonly<Record<string, unknown>> & { readonly [TOPICS]?: EventSchema['topics'] }
