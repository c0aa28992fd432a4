import type { ReferencedSchema, RegisteredSchema } from '../registry/registry-client'

/** What a body was read as. */
export interface BodyValue {
  readonly value: unknown
  /** Full name of the record, message or title that it is. */
  readonly name?: string
}

/** A schema, ready to write bodies, without the head that names it. */
export interface BodySchema {
  /** Full name of what an event type is published as, for subjects that are called after it. */
  nameFor(type: string): string | undefined
  /** As it is registered. */
  readonly text: string
  /** An event as a body. Throws, naming the field, for what the schema has no place for. */
  write(event: object, type: string): Uint8Array
}

/** A language of schemas that a registry keeps: what differs between the codecs. */
export interface SchemaKind<S extends BodySchema> {
  /** As the registry calls it. */
  readonly type: 'AVRO' | 'JSON' | 'PROTOBUF'
  /** As people do. */
  readonly title: string
  readonly contentType: string
  /** The form to ask the registry for, where there are several. */
  readonly format?: 'serialized'
  /** A schema of the registry, with those it refers to, each before its users. Throws for one that cannot be used. */
  ready(found: RegisteredSchema, references: readonly ReferencedSchema[]): S
  /** A body as a value. Throws for bytes that are not of the schema. */
  read(schema: S, data: Uint8Array): BodyValue
}
