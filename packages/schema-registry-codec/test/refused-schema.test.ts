import { expect } from 'chai'
import { incompatibleSchema, invalidSchema } from '../src/registry/refused-schema'

const AT = { subject: 'posts-value', compatibility: 'BACKWARD' } as const

describe('a schema that a registry refuses', () => {
  it("is reported in the words of Confluent's registry, without the schemas that it quotes", () => {
    const said = `Schema being registered is incompatible with an earlier schema for subject "posts-value", details: [{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'title' at path '/fields/1' in the new schema has no default value and is missing in the old schema', additionalInfo:'title'}, {errorType:"TYPE_MISMATCH", description:"The type (path '/fields/0/type') of a field in the new schema does not match with the old schema", additionalInfo:"reader type: LONG"}, {oldSchemaVersion: 1}, {oldSchema: '{"type":"record","name":"Secret"}'}, {compatibility: 'BACKWARD'}]`
    const { message, hint } = incompatibleSchema(JSON.stringify({ error_code: 409, message: said }), AT)
    expect(message).to.contain(
      "The schema registry refuses a version of the subject 'posts-value' that is not BACKWARD compatible: The field 'title' at path '/fields/1' in the new schema has no " +
        "default value and is missing in the old schema; The type (path '/fields/0/type') of a field in the new schema does not match with the old schema."
    )
    expect(hint).to.contain('the new schema must read what was written with the newest version')
  })

  it('is reported in whatever words there are', () => {
    for (const [text, words] of [
      ['{"message":"It does not fit."}', ': It does not fit.'],
      ['no JSON', ': no JSON.'],
      ['', ': it does not say why.'],
      [JSON.stringify({ message: 'x'.repeat(10_000) }), `: ${'x'.repeat(600)}….`],
    ] as const) {
      expect(incompatibleSchema(text, AT).message).to.contain(`${words} At: posts-value.`)
      expect(invalidSchema(text, 'posts-value').message).to.contain(`${words} At: posts-value.`)
    }
  })
})
