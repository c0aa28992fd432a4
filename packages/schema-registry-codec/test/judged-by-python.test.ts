import type { Type, types } from 'avsc'
import { expect } from 'chai'
import fc from 'fast-check'
import { AvroSchema } from '../src/avro/avro-schema'
import { NamedUnionType, PlainUnionType } from '../src/avro/types/unions'
import { pair } from './support/pairs'
import { askPython } from './support/python'

const PAIRS = 600

type Answer = { readonly value: unknown } | { readonly error: string }

const event = pair.chain(({ writer, reader, value }) =>
  fc.record({ writer: fc.constant(writer), reader: fc.constant(reader), value })
)

describe('schema resolution', function () {
  this.timeout(300_000)

  it('reads and refuses what fastavro does, on generated pairs of schemas', async () => {
    const samples = fc.sample(event, { numRuns: PAIRS, seed: 20_261_129 }).map(({ writer, reader, value }) => {
      const written = AvroSchema.of(writer as object)
      const body = written.write(value as object, written.name ?? '')
      return { writer, reader, body, written, wanted: AvroSchema.of(reader as object) }
    })
    const told = samples.map(({ writer, reader, body }) => ({ writer, reader, body: body.toString('hex') }))
    const answers = (await askPython('resolve.py', told)) as readonly Answer[]
    const counts = { read: 0, refused: 0 }
    for (const [index, { writer, reader, body, written, wanted }] of samples.entries()) {
      const where = JSON.stringify({ writer, reader, body: body.toString('hex'), answer: answers[index] })
      const answer = answers[index]
      if ('error' in answer) {
        expect(() => written.read(body, [wanted]), where).to.throw(Error)
        counts.refused += 1
      } else {
        const ours = comparable(wanted.type, written.read(body, [wanted]).value)
        expect(ours, where).to.deep.equal(rounded(answer.value, ours))
        counts.read += 1
      }
    }
    expect(counts.read).to.be.within(PAIRS / 4, (PAIRS * 9) / 10)
  })
})

/** Our value as Python tells its own: unions without the names of their branches. */
function comparable(type: Type, value: unknown): unknown {
  if (type instanceof NamedUnionType && value !== null) {
    const [[name, inner]] = Object.entries(value as object) as [[string, unknown]]
    return comparable(type.types.find(({ branchName }) => branchName === name) as Type, inner)
  }
  if (type instanceof PlainUnionType) return comparable(type.types[type._getIndex(value) as number], value)
  if (Array.isArray(value)) return value.map((one) => comparable((type as types.ArrayType).itemsType, one))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return plainComparable(value)
  const members = Object.entries(value).map(([name, one]) => [name, comparable(memberOf(type, name), one)])
  return { map: Object.fromEntries(members) }
}

function plainComparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') }
  if (typeof value === 'bigint') return { bigint: String(value) }
  return typeof value === 'number' && !Number.isFinite(value) ? { double: value > 0 ? 'inf' : '-inf' } : value
}

function memberOf(type: Type, name: string): Type {
  if ('valuesType' in type) return type.valuesType as Type
  return (type as types.RecordType).field(name).type
}

/** Python's numbers are double; a float of ours is one of 32 bits. */
function rounded(theirs: unknown, ours: unknown): unknown {
  if (typeof theirs === 'number') return Math.fround(theirs) === ours ? ours : theirs
  if (typeof theirs !== 'object' || theirs === null || typeof ours !== 'object' || ours === null) return theirs
  if (Array.isArray(theirs)) return theirs.map((one, index) => rounded(one, (ours as unknown[])[index]))
  const members = ours as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(theirs).map(([name, inner]) => [name, rounded(inner, members[name])]))
}
