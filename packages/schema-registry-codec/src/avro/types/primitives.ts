import { hasUtf8Form } from '@boostercloud/streamer-connector'
import { types } from 'avsc'
import type { Type } from 'avsc'
import { codingOf } from './tap'
import type { Tap } from './tap'
import { textOf } from './text'
import { Misfit } from '../../misfit'

/** Below this, avsc's arithmetic on longs is exact, zigzag included. */
const EXACT = 2 ** 52
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n]
/** Bytes of the longest long. */
const LONGEST = 10

type Hook = (value: unknown, type: Type) => void

/** A long without loss: a number where it is safe, else a `bigint`. Both may be written. */
export class LongType extends types.LongType {
  public _read(tap: Tap): number | bigint {
    const from = tap.pos
    const value = tap.readLong()
    return value > -EXACT && value < EXACT ? value : exactLong(tap.buf.subarray(from, tap.pos))
  }

  public _check(value: unknown, _flags?: number, hook?: Hook): boolean {
    const fits = isLong(value)
    if (!fits && hook) hook(value, this)
    return fits
  }

  public _write(tap: Tap, value: unknown): void {
    if (!isLong(value)) throw new Misfit('no long')
    if (typeof value === 'number' && Math.abs(value) < EXACT) tap.writeLong(value)
    else tap.writeFixed(longBytes(BigInt(value)))
  }
}

/** Text that loses nothing: bytes that are no UTF-8, and half a surrogate pair, are refused. */
export class StringType extends types.StringType {
  public _read(tap: Tap): string {
    return textOf(tap)
  }

  public _check(value: unknown, _flags?: number, hook?: Hook): boolean {
    const fits = typeof value === 'string' && hasUtf8Form(value)
    if (!fits && hook) hook(value, this)
    return fits
  }

  public _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'string' || !hasUtf8Form(value)) throw new Misfit('no text')
    tap.writeString(value)
  }
}

/** Bytes: read as a `Buffer`, written from any `Uint8Array`. */
export class BytesType extends types.BytesType {
  public _check(value: unknown, flags?: number, hook?: Hook): boolean {
    return codingOf(types.BytesType)._check.call(this, asBuffer(value), flags, hook)
  }

  public _write(tap: Tap, value: unknown): void {
    codingOf(types.BytesType)._write.call(this, tap, asBuffer(value))
  }
}

/** The same of a fixed length. */
export class FixedType extends types.FixedType {
  public _check(value: unknown, flags?: number, hook?: Hook): boolean {
    return codingOf(types.FixedType)._check.call(this, asBuffer(value), flags, hook)
  }

  public _write(tap: Tap, value: unknown): void {
    codingOf(types.FixedType)._write.call(this, tap, asBuffer(value))
  }
}

/** An enum whose symbols are those of the schema: avsc also takes names that every object inherits, and writes nonsense for them. */
export class EnumType extends types.EnumType {
  public _check(value: unknown, _flags?: number, hook?: Hook): boolean {
    const fits = this.symbols.includes(value as string)
    if (!fits && hook) hook(value, this)
    return fits
  }

  public _write(tap: Tap, value: unknown): void {
    const index = this.symbols.indexOf(value as string)
    if (index < 0) throw new Misfit('no symbol')
    tap.writeLong(index)
  }
}

function isLong(value: unknown): value is number | bigint {
  if (typeof value === 'bigint') return value >= LEAST && value <= MOST
  return Number.isSafeInteger(value)
}

function exactLong(bytes: Uint8Array): number | bigint {
  if (bytes.length > LONGEST) throw new Misfit('a long is too long')
  let zigzag = 0n
  for (let at = bytes.length - 1; at >= 0; at -= 1) zigzag = (zigzag << 7n) | BigInt(bytes[at] & 0x7f)
  const value = BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n))
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function longBytes(value: bigint): Buffer {
  const bytes: number[] = []
  let zigzag = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  for (; zigzag > 0x7fn; zigzag >>= 7n) bytes.push(Number(zigzag & 0x7fn) | 0x80)
  bytes.push(Number(zigzag))
  return Buffer.from(bytes)
}

function asBuffer(value: unknown): unknown {
  if (!(value instanceof Uint8Array) || Buffer.isBuffer(value)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
