import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { avro, jsonSchema, protobuf } from '../src'
import type { AvroOptions } from '../src'
import { failureOf, throughCodec } from './support/messages'
import { describeWithRegistry } from './support/registry'

const POST = {
  type: 'record',
  name: 'PostCreated',
  fields: [
    { name: 'postId', type: 'string' },
    { name: 'views', type: 'long', default: 0 },
  ],
}
const EVENT = { postId: 'p1', views: 1 }

describeWithRegistry((url) => {
  let topic: string
  beforeEach(() => (topic = `posts-${randomUUID()}`))

  const registering = (options: Partial<AvroOptions>) =>
    avro({ registry: url(), schemas: { PostCreated: POST }, autoRegister: true, ...options })

  describe('a schema that is registered', () => {
    for (const [mode, schema, what] of [
      ['BACKWARD', { fields: [...POST.fields, { name: 'title', type: 'string' }] }, /title/],
      ['BACKWARD_TRANSITIVE', { fields: [...POST.fields, { name: 'title', type: 'string' }] }, /title/],
      ['FORWARD', { fields: POST.fields.slice(1) }, /postId/],
      ['FORWARD_TRANSITIVE', { fields: POST.fields.slice(1) }, /postId/],
      ['FULL', { fields: POST.fields.slice(1) }, /postId/],
      ['FULL_TRANSITIVE', { fields: [...POST.fields, { name: 'title', type: 'string' }] }, /title/],
    ] as const) {
      it(`names the subject, its mode and what breaks where a schema is refused: ${mode}`, async () => {
        await throughCodec(registering({ compatibility: mode }), EVENT, 'PostCreated', topic)
        const breaking = registering({ schemas: { PostCreated: { ...POST, ...schema } } })
        const work = () => throughCodec(breaking, { ...EVENT, title: '' }, 'PostCreated', topic)
        const { message, at, hint } = await failureOf(work, 'EVENT_NOT_ENCODABLE')
        expect(message).to.contain(`'${topic}-value'`).and.contain(`not ${mode} compatible`).and.match(what)
        expect(at).to.equal(`${topic}-value`)
        expect(hint).to.contain(mode.endsWith('_TRANSITIVE') ? 'every version' : 'the newest version')
      })
    }

    it('takes any schema where the mode is NONE', async () => {
      await throughCodec(registering({ compatibility: 'NONE' }), EVENT, 'PostCreated', topic)
      const other = { ...POST, fields: [{ name: 'other', type: 'string' }] }
      await throughCodec(registering({ schemas: { PostCreated: other } }), { other: '' }, 'PostCreated', topic)
    })

    it('names them in the other languages too', async () => {
      const [older, newer] = [{ type: 'string' }, { type: 'integer' }].map((a) => ({ title: 'A', properties: { a } }))
      const json = (schema: object, more: object = {}) =>
        jsonSchema({ registry: url(), schemas: { A: schema }, autoRegister: true, ...more })
      await throughCodec(json(older, { compatibility: 'FULL' }), { a: '' }, 'A', topic)
      const inJson = await failureOf(() => throughCodec(json(newer), { a: 1 }, 'A', topic), 'EVENT_NOT_ENCODABLE')
      expect(inJson.message).to.contain(`'${topic}-value'`).and.contain('FULL').and.contain('/properties/a')
      const proto = (type: string, more: object = {}) => {
        const schemas = { A: `syntax = "proto3"; message A { ${type} a = 1; }` }
        return protobuf({ registry: url(), schemas, autoRegister: true, ...more })
      }
      const other = `${topic}-2`
      await throughCodec(proto('string', { compatibility: 'BACKWARD' }), { a: '' }, 'A', other)
      const work = () => throughCodec(proto('int32'), { a: 1 }, 'A', other)
      const inProtobuf = await failureOf(work, 'EVENT_NOT_ENCODABLE')
      expect(inProtobuf.message).to.contain(`'${other}-value'`).and.contain('BACKWARD')
    })
  })
})
