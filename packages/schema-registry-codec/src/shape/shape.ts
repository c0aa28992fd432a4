/**
 * A value that an enumeration of JSON Schema may name, and a type of TypeScript too.
 * @internal
 */
export type Literal = string | number | boolean | null

/**
 * What a value of a schema is in JavaScript, as the codec gives and takes it: for whoever writes types of it.
 * @internal
 */
export type Shape =
  | { readonly kind: 'null' | 'boolean' | 'number' | 'bytes' | 'unknown' }
  /** One of these values of JSON. */
  | { readonly kind: 'literals'; readonly of: readonly Literal[] }
  /** A whole number, as a `number` where it is safe and else as a `bigint`. */
  | { readonly kind: 'long' }
  /** Text; of a logical type with what it says, as `decimal(9,2)` or `timestamp-millis`. */
  | { readonly kind: 'string'; readonly means?: string }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  /** A record or an enum, to be looked up under its full name. */
  | { readonly kind: 'named'; readonly name: string }
  /** One of several; `names`: each is an object with its one member called so, null excepted. */
  | { readonly kind: 'choice'; readonly branches: readonly Shape[]; readonly names?: readonly string[] }

/**
 * One field of a record.
 * @internal
 */
export interface FieldShape {
  readonly name: string
  readonly doc?: string
  readonly shape: Shape
  /** Whether it may be missing. In Avro nothing is: what may be null may also be left out. */
  readonly isOptional?: boolean
}

/**
 * What a name stands for. Names have letters, digits and underscores, with points between; those of fields are anybody's in JSON Schema, and docs always are.
 * @internal
 */
export type NamedShape = { readonly doc?: string } & (
  | { readonly kind: 'record'; readonly fields: readonly FieldShape[] }
  /** `isOpen`: a number where it is none of the symbols. */
  | { readonly kind: 'enum'; readonly symbols: readonly string[]; readonly isOpen?: boolean }
)

/**
 * A schema as shapes.
 * @internal
 */
export interface SchemaShape {
  /** What a body holds: more than one for a union, and for a file with several messages. */
  readonly roots: readonly Shape[]
  /** By full name, in the order in which they appear. */
  readonly named: ReadonlyMap<string, NamedShape>
}
