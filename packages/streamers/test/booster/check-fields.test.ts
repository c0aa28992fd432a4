import 'reflect-metadata'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { checkFields } from '../../src/booster/check-fields'

class Base {
  public method(): void {
    return
  }
}
class Sample extends Base {}

const type = (typeGroup: string, own: object = {}): object => ({ typeGroup, isNullable: false, parameters: [], ...own })
const keep = (target: object, fields: Record<string, object>): void =>
  Reflect.defineMetadata(
    'booster:typeinfo',
    { fields: Object.entries(fields).map(([name, typeInfo]) => ({ name, typeInfo })) },
    target
  )

keep(Base, { id: type('Class', { typeName: 'UUID' }) })
keep(Sample, {
  text: type('String'),
  count: type('Number'),
  flag: type('Boolean'),
  words: type('ReadonlyArray', { parameters: [type('String')] }),
  when: type('Class', { typeName: 'Date' }),
  inner: type('Class', { typeName: 'Inner' }),
  maybe: type('String', { isNullable: true }),
  any: type('Other'),
  id64: type('Other', { name: 'bigint', isNullable: true }),
  ids: type('Array', { parameters: [type('Other', { name: 'bigint' })], isNullable: true }),
  computed: type('String', { isGetAccessor: true }),
})

const fitting = {
  id: '1',
  text: '',
  count: 0,
  flag: false,
  words: ['a'],
  when: '2026-01-01T00:00:00.000Z',
  inner: {},
  extra: 'is kept',
}

const refusal = (fields: object): string => {
  try {
    checkFields(Object.assign(new Sample(), fields), Sample, 'main/posts')
  } catch (error) {
    expect(isStreamerError(error, 'EVENT_MISMATCH'), String(error)).to.equal(true)
    return (error as Error).message
  }
  return ''
}

describe('checking fields', () => {
  it('takes what fits, and what the class does not know of', () => {
    expect(refusal(fitting)).to.equal('')
    expect(refusal({ ...fitting, maybe: 'x', any: 7, when: new Date() })).to.equal('')
    expect(refusal({ ...fitting, maybe: null })).to.equal('')
  })

  for (const field of ['id', 'text', 'count', 'flag', 'words', 'when', 'inner']) {
    it(`refuses an event without ${field}`, () => {
      expect(refusal({ ...fitting, [field]: undefined })).to.contain(`lacks the field ${field}`)
      expect(refusal({ ...fitting, [field]: null })).to.contain(`lacks the field ${field}`)
    })
  }

  const wrong: Record<string, unknown> = {
    id: 1,
    text: 1,
    count: '1',
    flag: 'true',
    words: [1],
    when: 5,
    inner: [],
    maybe: 3,
  }
  for (const [field, value] of Object.entries(wrong)) {
    it(`refuses ${JSON.stringify(value)} as ${field}`, () => {
      expect(refusal({ ...fitting, [field]: value })).to.contain(`a field ${field} that is no`)
    })
  }

  it('makes a whole number a bigint where the class has one, and takes nothing else for it', () => {
    const event = Object.assign(new Sample(), { ...fitting, id64: 7, ids: [1, 2n ** 60n] })
    checkFields(event, Sample, 'main/posts')
    expect(event).to.deep.include({ id64: 7n, ids: [1n, 2n ** 60n] })
    expect(refusal({ ...fitting, id64: 2n ** 60n, ids: null })).to.equal('')
    for (const id64 of ['7', 0.5, 2 ** 60])
      expect(refusal({ ...fitting, id64 })).to.contain('a field id64 that is no bigint')
    expect(refusal({ ...fitting, ids: ['7'] })).to.contain('a field ids that is no')
  })

  it('refuses a bigint where the class has a number, and says why', () => {
    expect(refusal({ ...fitting, count: 2n ** 60n }))
      .to.contain('a field count that is no Number')
      .and.contain('2^53')
  })

  it('refuses a field in the place of a method', () => {
    expect(refusal({ ...fitting, method: 'x' })).to.contain('the method method')
  })

  it('leaves classes alone that the plugin has not seen', () => {
    checkFields({ a: 1 }, class Unknown {}, 'main/posts')
  })
})
