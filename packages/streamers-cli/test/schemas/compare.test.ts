import { expect } from 'chai'
import { breaks, compareSchemas } from '../../src/schemas'
import type { EventSchema, FieldSchema } from '../../src/schemas'

const TEXT: FieldSchema = { type: 'string' }
const NUMBER: FieldSchema = { type: 'number' }

function event(
  properties: Record<string, FieldSchema>,
  own: Partial<EventSchema> & { optional?: string[] } = {}
): EventSchema {
  const required = Object.keys(properties).filter((name) => !own.optional?.includes(name))
  const schema = { type: 'object', properties, required }
  const { optional: _, ...rest } = own
  return { event: 'E', version: 1, at: 'src/e.ts:1', schema, methods: ['entityID'], topics: {}, ...rest }
}

/** `field: what`, with `<` where it breaks old data and `>` where it breaks old code. */
function changes(before: EventSchema, after: EventSchema): string[] {
  return compareSchemas([before], [after]).map(
    ({ field, what, breaksBackward, breaksForward }) =>
      `${field}: ${what}${breaksBackward ? ' <' : ''}${breaksForward ? ' >' : ''}`
  )
}

describe('comparing the schemas of events', () => {
  it('finds nothing where nothing has changed', () => {
    const same = event({ a: TEXT, b: { anyOf: [TEXT, NUMBER] }, c: { type: 'array', items: TEXT } })
    expect(changes(same, structuredClone(same))).to.deep.equal([])
  })

  it('knows what a field that comes or goes breaks', () => {
    const [none, one] = [event({ a: TEXT }), event({ a: TEXT, b: TEXT })]
    const maybe = event({ a: TEXT, b: TEXT }, { optional: ['b'] })
    expect(changes(none, one)).to.deep.equal(['b: is new and required <'])
    expect(changes(none, maybe)).to.deep.equal(['b: is new'])
    expect(changes(one, none)).to.deep.equal(['b: is gone >'])
    expect(changes(maybe, none)).to.deep.equal(['b: is gone'])
    expect(changes(one, maybe)).to.deep.equal(['b: is optional now >'])
    expect(changes(maybe, one)).to.deep.equal(['b: is required now <'])
  })

  it('knows a type that has become wider, narrower or another', () => {
    const of = (schema: FieldSchema): EventSchema => event({ a: schema })
    const kinds = (...values: string[]): FieldSchema => ({ type: 'string', enum: values })
    expect(changes(of(kinds('x')), of(kinds('x', 'y')))[0]).to.match(/^a: takes more than before: .* >$/)
    expect(changes(of(kinds('x', 'y')), of(kinds('x')))[0]).to.match(/^a: takes less than before: .* <$/)
    expect(changes(of(TEXT), of(NUMBER))[0]).to.match(/^a: has another type: string → number < >$/)
    expect(changes(of(kinds('x')), of(TEXT))[0]).to.match(/^a: takes more .* >$/)
    expect(changes(of({ type: 'integer' }), of(NUMBER))[0]).to.match(/^a: takes more .* >$/)
    expect(changes(of({ anyOf: [TEXT, NUMBER] }), of({ type: ['string', 'number'] }))).to.deep.equal([])
  })

  it('looks into objects, lists and definitions', () => {
    const inner = (properties: Record<string, FieldSchema>): FieldSchema => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
    })
    const [before, after] = [inner({ x: TEXT, y: TEXT }), inner({ x: TEXT })]
    expect(changes(event({ a: before }), event({ a: after }))).to.deep.equal(['a.y: is gone >'])
    const list = (items: FieldSchema): FieldSchema => ({ type: 'array', items })
    expect(changes(event({ a: list(before) }), event({ a: list(after) }))).to.deep.equal(['a[].y: is gone >'])
    const referring = (definition: FieldSchema): EventSchema => {
      const one = event({ a: { $ref: '#/definitions/Inner' } })
      return { ...one, schema: { ...one.schema, definitions: { Inner: definition } } }
    }
    expect(changes(referring(before), referring(after))).to.deep.equal(['a.y: is gone >'])
  })

  it('looks into what may be null, into the values of a record, and into each place of a tuple', () => {
    const of = (schema: FieldSchema): EventSchema => event({ a: schema })
    const object = (b: FieldSchema): FieldSchema => ({ type: 'object', properties: { b }, required: ['b'] })
    const between = (one: FieldSchema, other: FieldSchema): string[] => changes(of(one), of(other))
    const orNull = (schema: FieldSchema): FieldSchema => ({ anyOf: [schema, { type: 'null' }] })
    const another = 'has another type: string → number < >'
    expect(between(orNull(object(TEXT)), orNull(object(NUMBER)))).to.deep.equal([`a.b: ${another}`])
    const list = (items: FieldSchema): FieldSchema => ({ type: 'array', items })
    expect(between(orNull(list(TEXT)), orNull(list(NUMBER)))).to.deep.equal([`a[]: ${another}`])
    const record = (additionalProperties: FieldSchema): FieldSchema => ({ type: 'object', additionalProperties })
    expect(between(record(TEXT), record(NUMBER))).to.deep.equal([`a.*: ${another}`])
    const tuple = (...items: FieldSchema[]): FieldSchema => ({
      type: 'array',
      items,
      minItems: 2,
      maxItems: items.length,
    })
    expect(between(tuple(TEXT, NUMBER), tuple(NUMBER, NUMBER))).to.deep.equal([`a[0]: ${another}`])
    expect(between(tuple(TEXT, NUMBER), tuple(TEXT, NUMBER, TEXT))).to.deep.equal([
      'a: has another length: 2 → 2 to 3 >',
    ])
    expect(between(NUMBER, { type: 'integer', format: 'int64' })).to.deep.equal([
      'a: has another type: number → bigint < >',
    ])
    expect(between(record(TEXT), object(TEXT))).to.deep.equal(['a.b: is new and required <'])
  })

  it('tells which of several objects has changed', () => {
    const kind = (name: string, b: FieldSchema): FieldSchema => ({
      type: 'object',
      properties: { kind: { const: name }, b },
      required: ['kind', 'b'],
    })
    const of = (...anyOf: FieldSchema[]): EventSchema => event({ a: { anyOf } })
    const before = of(kind('x', TEXT), kind('y', TEXT))
    expect(changes(before, of(kind('y', TEXT), kind('x', TEXT)))).to.deep.equal([])
    expect(changes(before, of(kind('x', TEXT), kind('y', NUMBER)))).to.deep.equal([
      'a.b: has another type: string → number < >',
    ])
    expect(changes(before, of(kind('x', TEXT), kind('y', TEXT), kind('z', TEXT)))).to.deep.equal([
      'a: has another form among those it can have >',
    ])
  })

  it('ends with a type that contains itself, and sees a change in it', () => {
    const tree = (name: FieldSchema, called: string): EventSchema => {
      const Tree = {
        type: 'object',
        properties: { name, more: { type: 'array', items: { $ref: `#/definitions/${called}` } } },
        required: ['name', 'more'],
      }
      const one = event({ a: { $ref: `#/definitions/${called}` } })
      return { ...one, schema: { ...one.schema, definitions: { [called]: Tree } } }
    }
    expect(changes(tree(TEXT, 'One'), tree(TEXT, 'Other'))).to.deep.equal([])
    expect(changes(tree(TEXT, 'One'), tree(NUMBER, 'One'))).to.deep.equal([
      'a.name: has another type: string → number < >',
    ])
  })

  it('takes what it has no words for as changed where its text is', () => {
    const of = (least: number): EventSchema => event({ a: { type: 'number', minimum: least } as FieldSchema })
    expect(changes(of(1), of(1))).to.deep.equal([])
    expect(changes(of(1), of(2))[0]).to.match(/^a: has another type: .* < >$/)
  })

  it('lets a migration make up for old data, and for nothing else', () => {
    const before = event({ a: TEXT })
    expect(changes(before, event({ a: TEXT, b: TEXT }, { version: 2 }))).to.deep.equal(['b: is new and required'])
    expect(changes(before, event({ b: TEXT }, { version: 2 }))).to.deep.equal([
      'a: is gone >',
      'b: is new and required',
    ])
  })

  it('says who is to go first where a higher version makes old code wait', () => {
    const [before, after] = [event({ a: TEXT }), event({})]
    const [plain] = compareSchemas([before], [after])
    expect(plain).to.deep.include({ waits: false })
    expect(plain.hint).to.equal('Keep a until no handler reads it, and remove it with a migration to a higher version.')
    const [migrated] = compareSchemas([before], [{ ...after, version: 2 }])
    expect(migrated).to.deep.include({ breaksForward: true, waits: true })
    expect(migrated.hint).to.match(/^Update the services that handle E before those that publish it/)
  })

  it('knows a topic that carries an event no longer', () => {
    const topics = { 'main/a': 'src/streamers.ts:7', 'main/b': 'src/streamers.ts:8' }
    const [before, after] = [event({}, { topics }), event({}, { topics: { 'main/b': 'src/streamers.ts:7' } })]
    expect(compareSchemas([after], [before])).to.deep.equal([])
    const [gone, ...rest] = compareSchemas([before], [after])
    expect(rest).to.deep.equal([])
    expect(gone).to.include({ event: 'E', at: 'src/streamers.ts:7', address: 'main/a', breaksForward: true })
    expect(gone.what).to.equal('is no longer carried by main/a')
  })

  it('knows an event by its type on the wire, whatever its class is called', () => {
    const [old, now] = [
      event({ a: TEXT }, { type: 'com.acme.E' }),
      event({ a: TEXT }, { event: 'F', type: 'com.acme.E' }),
    ]
    expect(changes(old, old)).to.deep.equal([])
    expect(changes(old, now)).to.deep.equal([': was E; its type on the wire is com.acme.E still'])
    expect(changes(old, event({ a: NUMBER }, { event: 'F', type: 'com.acme.E' }))).to.deep.equal([
      ': was E; its type on the wire is com.acme.E still',
      'a: has another type: string → number < >',
    ])
    const other = event({ a: TEXT }, { type: 'com.acme.G' })
    expect(changes(old, other)).to.deep.equal([': has another type on the wire: com.acme.E → com.acme.G < >'])
    const [swapped, ...rest] = compareSchemas([old], [now, other])
    expect([swapped.event, swapped.breaksForward]).to.deep.equal(['F', false])
    expect(rest.map(({ event: name, what }) => `${name} ${what}`)).to.deep.equal(['E is new'])
  })

  it('takes two events that have exchanged their names for what they are on the wire', () => {
    const [one, other] = [event({ a: TEXT }, { type: 'one' }), event({ b: TEXT }, { event: 'F', type: 'other' })]
    const swapped = [event({ b: TEXT }, { type: 'other' }), event({ a: TEXT }, { event: 'F', type: 'one' })]
    expect(compareSchemas([one, other], swapped).map(({ what }) => what)).to.deep.equal([
      'was E; its type on the wire is one still',
      'was F; its type on the wire is other still',
    ])
    const [gone] = compareSchemas([one, other], [event({ b: TEXT }, { type: 'other' })])
    expect(gone).to.include({ event: 'E', type: 'one', what: 'is gone, or was renamed', breaksForward: true })
  })

  it('knows an event by its class where the baseline says no type', () => {
    const now = event({ a: TEXT }, { type: 'com.acme.E' })
    expect(changes(event({ a: TEXT }), now)).to.deep.equal([])
    expect(compareSchemas([event({}, { event: 'D' })], [now])[0]).to.include({ event: 'D', breaksBackward: true })
  })

  it('knows a field that has become a method, and a method that has become a field', () => {
    const methods = ['entityID', 'total']
    const [field, method] = [event({ a: TEXT, total: NUMBER }), event({ a: TEXT }, { methods })]
    const maybe = event({ a: TEXT, total: NUMBER }, { optional: ['total'] })
    expect(changes(field, method)).to.deep.equal([
      'total: is a method now, which refuses events that have the field < >',
    ])
    expect(changes(maybe, method)).to.deep.equal(['total: is a method now, which refuses events that have the field <'])
    expect(changes(field, { ...method, version: 2 })).to.deep.equal([
      'total: is a method now, which refuses events that have the field >',
    ])
    const other = 'total: is a field now, and was a method, which refuses events that have the field'
    expect(changes(method, field)).to.deep.equal([`${other} < >`])
    expect(changes(method, maybe)).to.deep.equal([`${other} >`])
    expect(changes(method, method)).to.deep.equal([])
  })

  it('knows events that come and go', () => {
    const [removed] = compareSchemas([event({})], [])
    expect(removed).to.include({ event: 'E', field: '', breaksBackward: true, breaksForward: true })
    const [added] = compareSchemas([], [event({})])
    expect(added).to.include({ event: 'E', breaksBackward: false, breaksForward: false })
  })

  it('asks for what is to be kept', () => {
    const [gone] = compareSchemas([event({ a: TEXT })], [event({})])
    expect([breaks(gone, 'backward'), breaks(gone, 'forward'), breaks(gone, 'full')]).to.deep.equal([false, true, true])
  })
})
