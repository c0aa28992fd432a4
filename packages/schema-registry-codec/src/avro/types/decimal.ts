import { TextType } from './logical'
import type { LogicalSchema } from './logical'
import { readBytes } from './tap'
import { readTwosComplement, writeTwosComplement } from './twos-complement'
import { Misfit } from '../../misfit'

/** Digits of the largest decimal: its text takes a time that grows with their square. */
const MAX_PRECISION = 1_000

/**
 * Avro 1.12, "Decimal": bytes or fixed, as exact text with all digits of the scale: `"123.40"`. Written from text, from a `bigint`, and
 * from a number that is exactly what its digits say.
 */
export class DecimalType extends TextType {
  public readonly precision: number
  public readonly scale: number
  private readonly most: bigint

  public constructor(schema: LogicalSchema, options: object) {
    const { precision, scale = 0 } = schema
    if (!isWhole(precision, 1, MAX_PRECISION) || !isWhole(scale, 0, precision))
      throw new Misfit('a decimal of no precision')
    super(schema, options)
    this.precision = precision
    this.scale = scale
    this.most = 10n ** BigInt(precision)
  }

  protected override _fromValue(value: unknown): string {
    const bytes = readBytes(value)
    if (bytes.length > this.mostBytes()) throw new Misfit('a decimal has more bytes than its precision')
    const unscaled = readTwosComplement(bytes)
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(this.scale + 1, '0')
    const point = digits.length - this.scale
    const sign = unscaled < 0n ? '-' : ''
    return this.scale === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
  }

  protected override _toValue(value: unknown): Buffer {
    const unscaled = this.unscaled(textOf(value))
    if (unscaled >= this.most || unscaled <= -this.most)
      throw new Misfit('a decimal has more digits than its precision')
    return writeTwosComplement(unscaled, this.fixedSize())
  }

  public override isSame(other: TextType): boolean {
    return other instanceof DecimalType && other.scale === this.scale
  }

  private unscaled(text: string): bigint {
    const [, sign, whole, fraction = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
    if (whole === undefined) throw new Misfit('no decimal')
    const digits = fraction.replace(/0+$/, '')
    if (digits.length > this.scale) throw new Misfit('a decimal has more digits than its scale')
    const unscaled = BigInt(whole + digits.padEnd(this.scale, '0'))
    return sign === '-' ? -unscaled : unscaled
  }

  private fixedSize(): number | undefined {
    return (this.underlyingType as { size?: number }).size
  }

  private mostBytes(): number {
    // A writer may pad with bytes of the sign, up to a machine word or to the size of the fixed.
    return Math.max(this.fixedSize() ?? 0, Math.ceil(this.precision / 2) + 8)
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString()
  throw new Misfit('no decimal')
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}
