import type { Type, types } from 'avsc'
import type { CodingType, Tap } from '../types/tap'
import { misfit } from './reading'
import type { Reading } from './reading'

/** A reader's field and what reads it. */
interface Taken {
  /** Its place in the reader's record. */
  readonly index: number
  readonly reading: Reading
}

type Resolve = (writer: Type, reader: Type, at: string) => Reading

/**
 * Reads a writer's record as a reader's: fields by their names or aliases, in the writer's order; those that the reader does not know are passed
 * over, those that the writer does not have get their default. Without one every value of the record is an error.
 */
export function recordReading(writer: types.RecordType, reader: types.RecordType, resolve: Resolve): Reading['_read'] {
  const taken = new Map<types.Field, Taken[]>()
  for (const [index, field] of reader.fields.entries()) {
    const at = `${reader.name}.${field.name}`
    const from = sourceOf(field, writer.fields)
    if (from) taken.set(from, [...(taken.get(from) ?? []), { index, reading: resolve(from.type, field.type, at) }])
    else if (field.defaultValue() === undefined) {
      return misfit(`there is no matching field for ${at} in what was written, and it has no default`)._read
    }
  }
  return compiled(writer, reader, taken)
}

/** The field that is called so, else the first that an alias names. */
function sourceOf({ name, aliases }: types.Field, written: readonly types.Field[]): types.Field | undefined {
  for (const wanted of [name, ...aliases]) {
    const found = written.find((field) => field.name === wanted)
    if (found) return found
  }
  return undefined
}

/** As avsc makes its own readers: one function without loops for each pair. No name of a schema gets into the code. */
function compiled(
  writer: types.RecordType,
  reader: types.RecordType,
  taken: ReadonlyMap<types.Field, readonly Taken[]>
): Reading['_read'] {
  const parts: (Reading | CodingType)[] = []
  const lines = writer.fields.map((field) => {
    const uses = taken.get(field)
    if (!uses) return `p${parts.push(field.type as CodingType) - 1}._skip(t)`
    const reads = uses.map(({ index, reading }) => `v${index} = p${parts.push(reading) - 1}._read(t)`)
    return reads.length === 1 ? reads[0] : `var from = t.pos; ${reads.join('; t.pos = from; ')}`
  })
  const values = reader.fields.map((_, index) => `v${index}`)
  const declared = values.length === 0 ? '' : `var ${values.join(', ')};`
  const body = `return function (t) { ${[declared, ...lines].join('\n')}\nreturn new Record(${values.join(', ')}) }`
  const names = parts.map((_, index) => `p${index}`)
  const make = new Function('Record', ...names, body) as (...given: unknown[]) => (tap: Tap) => unknown
  return make(reader.recordConstructor, ...parts)
}
