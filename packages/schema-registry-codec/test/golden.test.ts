import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { AvroSchema } from '../src/avro/avro-schema'
import { splitBody, withSchemaId } from '../src/codec/wire-format'
import { plain } from './support/plain'

/** A body as Confluent's Python serializer wrote it; golden/make.py says how. */
interface Vector {
  readonly name: string
  readonly schema: object
  readonly id: number
  readonly body: string
  readonly expected: unknown
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, 'golden', 'confluent-kafka-python.json'), 'utf8')
) as readonly Vector[]

describe("what Confluent's Python serializer writes", () => {
  for (const { name, schema, id, body, expected } of vectors) {
    const bytes = Buffer.from(body, 'base64')
    const avro = AvroSchema.of(schema)

    it(`is read without loss: ${name}`, () => {
      const split = splitBody(bytes)
      expect(split.id).to.equal(id)
      expect(plain(avro.read(split.data).value)).to.deep.equal(revived(expected))
    })

    it(`is what we write, byte by byte: ${name}`, () => {
      const value = revived(expected) as object
      expect(withSchemaId(id, avro.write(value, 'Any')).toString('base64')).to.equal(body)
    })
  }
})

/** JSON with `{ bigint }` and `{ bytes }` as what they stand for. */
function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived)
  if (typeof value !== 'object' || value === null) return value
  const { bigint, bytes } = value as { bigint?: string; bytes?: string }
  if (bigint !== undefined) return BigInt(bigint)
  if (bytes !== undefined) return Buffer.from(bytes, 'hex')
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revived(inner)]))
}
