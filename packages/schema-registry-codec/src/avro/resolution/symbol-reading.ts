import type { types } from 'avsc'
import { FunctionReading } from './reading'
import type { Reading } from './reading'
import { Misfit } from '../../misfit'

/** A writer's symbol as the reader's, or as the reader's default where it has no such symbol. */
export function symbolReading(writer: types.EnumType, reader: types.EnumType): Reading {
  const { default: other } = reader as types.EnumType & { readonly default?: string }
  const symbols = writer.symbols.map((symbol) => (reader.symbols.includes(symbol) ? symbol : other))
  const why = `the reader's ${reader.name} has no default, and not every symbol of the writer's`
  return new FunctionReading((tap) => {
    const index = tap.readLong()
    const symbol = symbols[index]
    if (symbol !== undefined) return symbol
    throw index in symbols ? new Misfit(why) : new Misfit('an enum has no such symbol')
  })
}
