import { Type } from 'avsc'
import type { types } from 'avsc'
import { budget } from '../budget'
import { readList, readMap } from '../types/containers'
import { TextType } from '../types/logical'
import type { CodingType, Tap } from '../types/tap'
import { NamedUnionType, named } from '../types/unions'
import { weightOf } from '../weight'
import { firstMatch, matches } from './matching'
import { promoted } from './promotions'
import { FunctionReading, misfit, nameOf } from './reading'
import type { Reading } from './reading'
import { recordReading } from './record-reading'
import { symbolReading } from './symbol-reading'
import { Misfit } from '../../misfit'

/**
 * Makes readings of pairs of types: Avro 1.12, "Schema Resolution". What does not fit is found when such a value is read, not before: a writer's
 * union may have branches that never come.
 */
export class Resolver {
  /** Readings of records under way and done, by writer and reader: records may contain themselves. */
  private readonly records = new Map<Type, Map<Type, FunctionReading>>()

  /** `at`: where it stands in the reader's schema, for errors. */
  public reading(writer: Type, reader: Type, at: string): Reading {
    if (Type.isType(writer, 'union')) return this.fromUnion(writer as types.UnwrappedUnionType, reader, at)
    if (!Type.isType(reader, 'union')) return this.plain(writer, reader, at)
    return inLevel(writer, this.branch(writer, reader, at))
  }

  /** The writer's branch says which type is read. */
  private fromUnion({ types: branches }: types.UnwrappedUnionType, reader: Type, at: string): Reading {
    const readings = branches.map((branch) => inLevel(branch, this.branch(branch, reader, at)))
    return new FunctionReading((tap) => {
      const reading = readings[tap.readLong()]
      if (!reading) throw new Misfit('a union has no such branch')
      return reading._read(tap)
    })
  }

  /** One of the writer's types into whatever the reader has. */
  private branch(writer: Type, reader: Type, at: string): Reading {
    if (!Type.isType(reader, 'union')) return this.plain(writer, reader, at)
    const branches = (reader as types.UnwrappedUnionType).types
    const branch = firstMatch(writer, branches)
    if (!branch) return misfit(unreadable(writer, branches.map(nameOf).join(' or '), at))
    const reading = this.plain(writer, branch, at)
    if (!(reader instanceof NamedUnionType)) return reading
    return new FunctionReading((tap) => named(branch as CodingType, reading._read(tap)))
  }

  private plain(writer: Type, reader: Type, at: string): Reading {
    if (!matches(writer, reader)) return misfit(unreadable(writer, nameOf(reader), at))
    if (reader instanceof TextType) return this.text(writer, reader, at)
    if (writer instanceof TextType) return this.plain(writer.underlyingType, reader, at)
    if (Type.isType(reader, 'record', 'error')) return this.record(writer, reader)
    if (Type.isType(reader, 'array')) return this.list(writer as types.ArrayType, reader as types.ArrayType, at)
    if (Type.isType(reader, 'map')) return this.map(writer as types.MapType, reader as types.MapType, at)
    if (Type.isType(reader, 'enum')) return symbolReading(writer as types.EnumType, reader as types.EnumType)
    return promoted(writer as CodingType, reader as CodingType)
  }

  private text(writer: Type, reader: TextType, at: string): Reading {
    if (writer instanceof TextType) return writer as Type as CodingType
    const beneath = this.plain(writer, reader.underlyingType, at)
    return new FunctionReading((tap) => reader.textOf(beneath._read(tap)))
  }

  private list(writer: types.ArrayType, reader: types.ArrayType, at: string): Reading {
    const items = this.reading(writer.itemsType, reader.itemsType, at)
    return new FunctionReading((tap) => readList(tap, writer.itemsType, items))
  }

  private map(writer: types.MapType, reader: types.MapType, at: string): Reading {
    const [written, wanted] = [writer.valuesType as Type, reader.valuesType as Type]
    const values = this.reading(written, wanted, at)
    return new FunctionReading((tap) => readMap(tap, written, values))
  }

  private record(writer: Type, reader: Type): Reading {
    const known = this.records.get(writer)?.get(reader)
    if (known) return known
    const reading = new FunctionReading(() => undefined)
    this.records.set(writer, (this.records.get(writer) ?? new Map<Type, FunctionReading>()).set(reader, reading))
    reading._read = recordReading(writer as types.RecordType, reader as types.RecordType, (from, to, at) =>
      this.reading(from, to, at)
    )
    return reading
  }
}

/** Unions nest, and add values, as containers do. */
function inLevel(writer: Type, reading: Reading): Reading {
  const weight = weightOf(writer)
  return new FunctionReading((tap: Tap) => {
    budget.enter()
    budget.spend(weight)
    const value = reading._read(tap)
    budget.leave()
    return value
  })
}

function unreadable(writer: Type, reader: string, at: string): string {
  return `what the writer has for ${at}, ${nameOf(writer)}, cannot be read as ${reader}`
}
