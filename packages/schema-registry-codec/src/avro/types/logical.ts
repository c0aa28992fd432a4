import { types } from 'avsc'
import type { schema as Avro } from 'avsc'

/** A schema of a logical type, as it stands in the registry. */
export type LogicalSchema = Readonly<Record<string, unknown>> & { readonly type: string; readonly logicalType: string }

/** What all our logical types have in common: their values are text, which JSON and every database hold without loss. */
export abstract class TextType extends types.LogicalType {
  /** The logical type's name, as Avro has it. */
  public readonly logicalType: string

  public constructor(schema: LogicalSchema, options: object) {
    // avsc is given the type beneath alone, so that our own types are found for it.
    const { logicalType, ...beneath } = schema
    super(beneath as unknown as Avro.AvroSchema, options)
    this.logicalType = logicalType
  }

  /** Bytes, a number or text of the type beneath as our text. */
  protected abstract override _fromValue(value: unknown): string
  /** Our text, or what else may be given, as a value of the type beneath; throws for what is none. */
  protected abstract override _toValue(value: unknown): unknown
  /** Whether values of another logical type mean the same. */
  public abstract isSame(other: TextType): boolean

  /** A value of the type beneath as our text. Throws for one that is none of ours. */
  public textOf(value: unknown): string {
    return this._fromValue(value)
  }
}
