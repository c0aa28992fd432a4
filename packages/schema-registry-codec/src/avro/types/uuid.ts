import { TextType } from './logical'
import type { LogicalSchema } from './logical'
import { readBytes } from './tap'
import { Misfit } from '../../misfit'

const FORM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Avro 1.12, "UUID": a string, or 16 fixed bytes; text in both. What is written has the form of RFC 9562. */
export class UuidType extends TextType {
  private readonly isFixed: boolean

  public constructor(schema: LogicalSchema, options: object) {
    const { type, size } = schema
    if (type !== 'string' && !(type === 'fixed' && size === 16))
      throw new Misfit('a uuid is a string or 16 fixed bytes')
    super(schema, options)
    this.isFixed = type === 'fixed'
  }

  protected override _fromValue(value: unknown): string {
    if (!this.isFixed) return value as string
    const hex = readBytes(value).toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  protected override _toValue(value: unknown): unknown {
    if (typeof value !== 'string' || !FORM.test(value)) throw new Misfit('no uuid')
    return this.isFixed ? Buffer.from(value.replaceAll('-', ''), 'hex') : value
  }

  public override isSame(other: TextType): boolean {
    return other instanceof UuidType
  }
}
