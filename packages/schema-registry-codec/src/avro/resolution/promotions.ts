import type { CodingType } from '../types/tap'
import { FunctionReading } from './reading'
import type { Reading } from './reading'

/** A primitive or fixed type as itself, or as a wider one. That they match is known. */
export function promoted(writer: CodingType, reader: CodingType): Reading {
  if (isWhole(writer) && reader.typeName === 'double') return new FunctionReading((tap) => Number(writer._read(tap)))
  if (isWhole(writer) && reader.typeName === 'float') {
    return new FunctionReading((tap) => Math.fround(Number(writer._read(tap))))
  }
  // An int is written as a long is; text as its bytes are. A float is not written as a double.
  return writer.typeName === 'float' ? writer : reader
}

function isWhole({ typeName }: CodingType): boolean {
  return typeName === 'int' || typeName === 'long'
}
