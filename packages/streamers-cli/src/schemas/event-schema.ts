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
  /** What its events are called on the wire. Undefined where a schema does not say, as one that was extracted before it was written into it. */
  readonly type?: string
  /** From 1. */
  readonly version: number
  /** `src/post-created.ts:4`, from the folder that it was extracted from. */
  readonly at: string
  readonly schema: FieldSchema
  /** The methods of the class: an event that has a field in the place of one is refused. */
  readonly methods: readonly string[]
  /** Where each topic that carries it is declared, by address: `main/orders` → `src/streamers.ts:9`. */
  readonly topics: Readonly<Record<string, string>>
}

/** Under what a schema has the version and the wire type of its event, in JSON Schema and in Avro. */
export const VERSION = 'x-event-version'
export const TYPE = 'x-event-type'
const METHODS = 'x-methods'
const DECLARED_AT = 'x-declared-at'
const TOPICS = 'x-topics'

/** As it is written to a file: a JSON Schema that other tools read too. */
export function toDocument({
  event,
  type,
  version,
  at,
  schema,
  methods,
  topics,
}: EventSchema): Record<string, unknown> {
  const { $schema, ...rest } = schema as FieldSchema & { $schema?: string }
  const called = type === undefined ? {} : { [TYPE]: type }
  const about = { [VERSION]: version, ...called, [DECLARED_AT]: at, [TOPICS]: topics, [METHODS]: methods }
  return { $schema, title: event, ...about, ...rest }
}

/** The inverse of {@link toDocument}; undefined for a document that is no event's. */
export function fromDocument(document: unknown): EventSchema | undefined {
  if (typeof document !== 'object' || document === null) return undefined
  const { title, [VERSION]: version, [TYPE]: type, [DECLARED_AT]: at, ...others } = document as Document
  if (typeof title !== 'string' || typeof version !== 'number') return undefined
  const { [TOPICS]: topics = {}, [METHODS]: methods = [], ...schema } = others
  return {
    event: title,
    type: typeof type === 'string' ? type : undefined,
    version,
    at: String(at),
    schema,
    methods,
    topics,
  }
}

type Document = Readonly<Record<string, unknown>> & {
  readonly [TOPICS]?: EventSchema['topics']
  readonly [METHODS]?: EventSchema['methods']
}
