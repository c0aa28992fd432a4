import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { avroOf, extractSchemas } from '../../src/schemas'
import { schemasOfShape } from '../../src/schemas/registry/from-shape'
import { describeSchema } from '@boostercloud/schema-registry-codec'
import { inTempFolder } from '../support/temp-folder'

const TSCONFIG = JSON.stringify({ compilerOptions: { strict: true, target: 'es2022', types: [] }, include: ['src'] })

const EVENT = `
declare class UUID extends String {}
export interface Line { readonly dish: string; readonly count: number; readonly parts?: Line[] }
export class OrderPlaced {
  public constructor(
    readonly orderId: UUID,
    readonly at: Date,
    readonly total: number,
    readonly isPaid: boolean,
    readonly size: 'small' | 'large',
    readonly odd: '1' | 'two',
    readonly lines: Line[],
    readonly first: Line,
    readonly cents: bigint,
    readonly names: Record<string, number>,
    readonly either: string | number,
    readonly nobody: string | null,
    readonly note?: string
  ) {}
  public entityID(): UUID { return this.orderId }
}
`

async function extracted(source: string): Promise<ReturnType<typeof extractSchemas>> {
  let schemas: ReturnType<typeof extractSchemas> = []
  await inTempFolder(async (folder) => {
    await mkdir(join(folder, 'src'))
    await writeFile(join(folder, 'tsconfig.json'), TSCONFIG)
    await writeFile(join(folder, 'src/events.ts'), source)
    schemas = extractSchemas(folder)
  })
  return schemas
}

/** A line that has been met before: one of its parts is a record of that name. */
const line = (name: string) => ({
  type: 'record',
  name,
  fields: [
    { name: 'dish', type: 'string' },
    { name: 'count', type: 'double' },
    { name: 'parts', type: ['null', { type: 'array', items: 'OrderPlaced_lines_parts' }], default: null },
  ],
})

const event = (field: string): string =>
  `export class Odd { public constructor(readonly id: string, ${field}) {} public entityID(): string { return this.id } }`

describe('the Avro schema of an event', function () {
  this.timeout(60_000)

  it('has a type for each of its fields, which Avro takes', async () => {
    const [schema] = await extracted(EVENT)
    const record = avroOf(schema, 'com.acme')
    expect(record).to.deep.include({ type: 'record', name: 'OrderPlaced', namespace: 'com.acme', 'x-event-version': 1 })
    const fields = record.fields as { name: string; type: unknown; default?: null }[]
    const types = Object.fromEntries(fields.map(({ name, type }) => [name, type]))
    expect(types).to.deep.include({
      orderId: { type: 'string', logicalType: 'uuid' },
      at: { type: 'long', logicalType: 'timestamp-millis' },
      total: 'double',
      isPaid: 'boolean',
      size: { type: 'enum', name: 'OrderPlaced_size', symbols: ['small', 'large'] },
      odd: 'string',
      cents: 'long',
      first: line('OrderPlaced_first'),
      names: { type: 'map', values: 'double' },
      either: ['string', 'double'],
      nobody: ['string', 'null'],
      note: ['null', 'string'],
    })
    expect(fields.find(({ name }) => name === 'note')).to.have.property('default', null)
    expect(fields.find(({ name }) => name === 'nobody')).to.not.have.property('default')
    expect(types.lines).to.deep.equal({
      type: 'array',
      items: {
        ...line('OrderPlaced_lines'),
        fields: [
          ...line('OrderPlaced_lines').fields.slice(0, 2),
          { name: 'parts', type: ['null', { type: 'array', items: line('OrderPlaced_lines_parts') }], default: null },
        ],
      },
    })
  })

  it('has one text for a text that may be a UUID', async () => {
    const [schema] = await extracted(
      `declare class UUID extends String {}\n${event('readonly what: string | UUID | null')}`
    )
    expect(avroOf(schema).fields).to.deep.include({ name: 'what', type: ['string', 'null'] })
  })

  it('has a name of its own for each record and enum, whatever their fields are called', async () => {
    const [schema] = await extracted(
      event(
        "readonly a_b: { readonly x: string }, readonly a: { readonly b: { readonly y: 'p' | 'q' }, readonly b_y: 'r' | 's' }"
      )
    )
    const names = JSON.stringify(avroOf(schema)).match(/"type":"(record|enum)","name":"\w+"/g) ?? []
    expect(names).to.have.length(6)
    expect(new Set(names).size).to.equal(6)
    expect(names.join()).to.contain('"Odd_a_b"').and.contain('"Odd_a_b_2"')
  })

  it('comes back as what is compared', async () => {
    const [schema] = await extracted(EVENT)
    const back = schemasOfShape(describeSchema(avroOf(schema, 'com.acme')), 'AVRO').get('OrderPlaced')
    expect(back?.required).to.include.members(['orderId', 'lines']).and.not.include('note').and.not.include('nobody')
    expect(back?.properties).to.deep.include({
      orderId: { type: 'string' },
      total: { type: 'number' },
      note: { type: 'string' },
      first: { $ref: '#/definitions/com.acme.OrderPlaced_first' },
      cents: { type: 'number' },
      names: { type: 'object', additionalProperties: { type: 'number' } },
    })
  })

  for (const field of [
    'readonly what: unknown',
    'readonly what: object',
    "readonly what: { 'no name': string }",
    'readonly what: Date | bigint',
    'readonly what: [Date, bigint]',
    'readonly what: string[] | number[]',
    'readonly what?: Record<string, string> | Record<string, number>',
    'readonly what?: never',
  ]) {
    it(`is refused, with the field, for ${field}`, async () => {
      const [schema] = await extracted(event(field))
      expect(() => avroOf(schema)).to.throw(/Odd\.what[\s\S]*src\/events\.ts:1/)
    })
  }
})
