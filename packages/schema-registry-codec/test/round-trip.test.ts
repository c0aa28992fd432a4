import { expect } from 'chai'
import fc from 'fast-check'
import { AvroSchema } from '../src/avro/avro-schema'
import { plain } from './support/plain'
import { sample } from './support/schemas'

/** A value in a record, as an event is. */
const event = sample.chain(({ schema, value }) =>
  fc.record({
    schema: fc.constant({ type: 'record', name: 'Event', fields: [{ name: 'a', type: schema }] }),
    value: fc.record({ a: value }),
  })
)

describe('what is written', () => {
  it('is read as it was, whatever the schema', () => {
    fc.assert(
      fc.property(event, ({ schema, value }) => {
        const avro = AvroSchema.of(schema)
        expect(plain(avro.read(avro.write(value, 'Event')).value)).to.deep.equal(value)
      }),
      { numRuns: 1_000 }
    )
  })

  it('is read as it was by a reader with the same schema', () => {
    fc.assert(
      fc.property(event, ({ schema, value }) => {
        const [writer, reader] = [AvroSchema.of(schema), AvroSchema.of(schema)]
        expect(plain(writer.read(writer.write(value, 'Event'), [reader]).value)).to.deep.equal(value)
      }),
      { numRuns: 500 }
    )
  })

  it('is left out by a reader that does not know it', () => {
    fc.assert(
      fc.property(event, ({ schema, value }) => {
        const fields = [...schema.fields, { name: 'last', type: 'int' }]
        const writer = AvroSchema.of({ ...schema, fields })
        const reader = AvroSchema.of({ ...schema, fields: fields.slice(1) })
        const { value: read } = writer.read(writer.write({ ...value, last: 7 }, 'Event'), [reader])
        expect(plain(read)).to.deep.equal({ last: 7 })
      }),
      { numRuns: 500 }
    )
  })

  it('becomes a value or an error when its bytes are changed, and takes its time for neither', () => {
    const damage = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }), cut: fc.nat() })
    let read = 0
    fc.assert(
      fc.property(event, damage, ({ schema, value }, { at, to, cut }) => {
        const avro = AvroSchema.of(schema)
        const bytes = Buffer.from(avro.write(value, 'Event'))
        if (bytes.length > 0) bytes[at % bytes.length] = to
        try {
          avro.read(bytes.subarray(0, bytes.length - (cut % 3)))
          read += 1
        } catch (error) {
          expect(error).to.be.instanceOf(Error)
        }
      }),
      { numRuns: 2_000 }
    )
    expect(read).to.be.within(10, 1_990)
  })
})
