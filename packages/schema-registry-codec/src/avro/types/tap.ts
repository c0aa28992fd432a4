import type { Type } from 'avsc'
import { Misfit } from '../../misfit'

/** avsc's cursor over bytes, as far as our types use it. Reads beyond the end do not throw: `isValid` says so afterwards. */
export interface Tap {
  readonly buf: Buffer
  pos: number
  isValid(): boolean
  readLong(): number
  skipLong(): void
  writeLong(value: number): void
  readString(): string
  skipString(): void
  writeString(text: string): void
  writeFixed(bytes: Buffer): void
}

/** What every type of avsc has to read and write with; avsc passes the cursor from type to type. */
export interface Coding {
  _read(tap: Tap): unknown
  _skip(tap: Tap): void
  _write(tap: Tap, value: unknown): void
  _check(value: unknown, flags?: number, hook?: (value: unknown, type: Type) => void, path?: string[]): boolean
  _copy(value: unknown, options?: CopyOptions): unknown
}

/** How avsc copies a value: `coerce` 2 takes text for bytes, `wrap` 2 takes it for a default. */
export interface CopyOptions {
  readonly coerce?: number
  readonly wrap?: number
}

/** A type with what avsc does not declare. */
export type CodingType = Type & Coding

/** The inherited coding of a class of avsc. */
export function codingOf(type: { readonly prototype: Type }): Coding {
  return type.prototype as unknown as Coding
}

/** Throws where the cursor has run over the end. */
export function refuseTruncated(tap: Tap): void {
  if (!tap.isValid()) throw new Misfit('the bytes end too soon')
}

/** What avsc has read of bytes; throws where it has read nothing, because they end before the value does. */
export function readBytes(value: unknown): Buffer {
  if (value === undefined) throw new Misfit('the bytes end too soon')
  return value as Buffer
}
