import { hasUtf8Form } from '@boostercloud/streamer-connector'
import { types } from 'avsc'
import type { Type } from 'avsc'
import { budget } from '../budget'
import { textOf } from './text'
import { codingOf, refuseTruncated } from './tap'
import type { CodingType, Tap } from './tap'
import { weightOf } from '../weight'
import { Misfit } from '../../misfit'

/** What reads one item. */
type ItemReading = Pick<CodingType, '_read'>
type Hook = (value: unknown, type: Type) => void

/** An array that allocates nothing for what its bytes only claim. */
export class ArrayType extends types.ArrayType {
  public _read(tap: Tap): unknown[] {
    return readList(tap, this.itemsType, this.itemsType as CodingType)
  }

  public _skip(tap: Tap): void {
    skipBlocks(tap, this.itemsType, () => (this.itemsType as CodingType)._skip(tap))
  }
}

/** A map that allocates nothing for what its bytes only claim, and whose keys reach no prototype. */
export class MapType extends types.MapType {
  public _check(value: unknown, flags?: number, hook?: Hook, path?: string[]): boolean {
    const isText = Object.keys(value ?? {}).every(hasUtf8Form)
    if (isText) return codingOf(types.MapType)._check.call(this, value, flags, hook, path)
    hook?.(value, this)
    return false
  }

  public _write(tap: Tap, value: unknown): void {
    if (!Object.keys(value ?? {}).every(hasUtf8Form)) throw new Misfit('a key is no text')
    codingOf(types.MapType)._write.call(this, tap, value)
  }

  public _read(tap: Tap): Record<string, unknown> {
    return readMap(tap, this.valuesType as Type, this.valuesType as CodingType)
  }

  public _skip(tap: Tap): void {
    skipBlocks(tap, this.valuesType as Type, () => {
      tap.skipString()
      ;(this.valuesType as CodingType)._skip(tap)
    })
  }
}

/** A list of what the writer has, each item as `items` reads it. */
export function readList(tap: Tap, written: Type, items: ItemReading): unknown[] {
  const list: unknown[] = []
  readBlocks(tap, written, () => list.push(items._read(tap)))
  return list
}

/** The same of a map. */
export function readMap(tap: Tap, written: Type, values: ItemReading): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  readBlocks(tap, written, () => {
    const key = textOf(tap)
    if (key === '__proto__') throw new Misfit("a map has the forbidden key '__proto__'")
    map[key] = values._read(tap)
  })
  return map
}

/** Avro 1.12, "Arrays": blocks of a count and so many items, the last one of 0; a negative count is followed by the block's bytes. */
function readBlocks(tap: Tap, written: Type, readOne: () => void): void {
  budget.enter()
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) tap.skipLong()
    budget.spend(Math.abs(count) * weightOf(written))
    for (let left = Math.abs(count); left > 0; left -= 1) readOne()
    refuseTruncated(tap)
  }
  budget.leave()
}

function skipBlocks(tap: Tap, written: Type, skipOne: () => void): void {
  budget.enter()
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) {
      const bytes = tap.readLong()
      if (!(bytes >= 0)) throw new Misfit('a block has a negative length')
      tap.pos += bytes
    } else {
      budget.spend(count * weightOf(written))
      for (let left = count; left > 0; left -= 1) skipOne()
    }
    refuseTruncated(tap)
  }
  budget.leave()
}
