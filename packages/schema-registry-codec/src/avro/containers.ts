import { types } from 'avsc'
import type { Type } from 'avsc'
import { budget } from './budget'
import { codingOf, refuseTruncated } from './tap'
import type { CodingType, Resolving, Tap } from './tap'
import { weightOf } from './weight'

/** A list or map as it is read: by its own type, or by a resolver, which also knows what the writer's values weigh. */
interface Reading {
  readonly itemsType: CodingType
  readonly valuesType: CodingType
  readonly written?: Type
}

/** An array that allocates nothing for what its bytes only claim. */
export class ArrayType extends types.ArrayType {
  public _read(this: Reading, tap: Tap): unknown[] {
    const items: unknown[] = []
    readBlocks(tap, this.written ?? this.itemsType, () => items.push(this.itemsType._read(tap)))
    return items
  }

  public _skip(tap: Tap): void {
    skipBlocks(tap, this.itemsType, () => (this.itemsType as CodingType)._skip(tap))
  }

  public _update(resolver: Resolving & { written?: Type }, writer: Type, options: object): void {
    codingOf(types.ArrayType)._update.call(this, resolver, writer, options)
    if (resolver._read) resolver.written = (writer as types.ArrayType).itemsType
  }
}

/** A map that allocates nothing for what its bytes only claim, and whose keys reach no prototype. */
export class MapType extends types.MapType {
  public _read(this: Reading, tap: Tap): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    readBlocks(tap, this.written ?? this.valuesType, () => {
      const key = tap.readString()
      if (key === '__proto__') throw new RangeError("a map has the forbidden key '__proto__'")
      map[key] = this.valuesType._read(tap)
    })
    return map
  }

  public _skip(tap: Tap): void {
    skipBlocks(tap, this.valuesType as Type, () => {
      tap.skipString()
      ;(this.valuesType as CodingType)._skip(tap)
    })
  }

  public _update(resolver: Resolving & { written?: Type }, writer: Type, options: object): void {
    codingOf(types.MapType)._update.call(this, resolver, writer, options)
    if (resolver._read) resolver.written = (writer as types.MapType).valuesType as Type
  }
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
      if (!(bytes >= 0)) throw new RangeError('a block has a negative length')
      tap.pos += bytes
    } else {
      budget.spend(count * weightOf(written))
      for (let left = count; left > 0; left -= 1) skipOne()
    }
    refuseTruncated(tap)
  }
  budget.leave()
}
