import { Ajv } from 'ajv'
import type { Options } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019'
import { Ajv2020 } from 'ajv/dist/2020'
import { linearPattern } from './linear-pattern'
import { Misfit } from '../misfit'

const OPTIONS: Options = {
  strict: false,
  // Which formats there are and whether they are checked is left open since draft 7.
  validateFormats: false,
  logger: false,
  code: { regExp: linearPattern },
}

interface Named {
  readonly $schema?: unknown
  readonly $id?: unknown
}

/** A validator for the draft that a schema says it is of; draft 7 where it says none. Throws for one that is not known. */
export function validatorFor(schema: unknown): Ajv {
  const { $schema: draft, $id } = (typeof schema === 'object' && schema !== null ? schema : {}) as Named
  // A schema may name itself as it likes, also as one that it refers to; without a name it is found by itself only where it is added.
  const options = { ...OPTIONS, addUsedSchema: $id === undefined }
  if (ignoresBesideRef(schema)) return new Ajv({ ...options, ignoreKeywordsWithRef: true })
  const [, name] = /^https?:\/\/json-schema\.org\/draft\/(20\d\d-\d\d)\/schema#?$/.exec(String(draft)) ?? []
  switch (name) {
    case '2019-09':
      return new Ajv2019(options)
    case '2020-12':
      return new Ajv2020(options)
    default:
      throw new Misfit('its draft is not supported; drafts 6, 7, 2019-09 and 2020-12 are')
  }
}

/** Whether a schema's draft ignores what stands beside a `$ref` (JSON Schema draft 7, core, section 8.3), as drafts 6 and 7 do. Later drafts apply it too. */
export function ignoresBesideRef(schema: unknown): boolean {
  const { $schema: draft } = (typeof schema === 'object' && schema !== null ? schema : {}) as Named
  return draft === undefined || /^https?:\/\/json-schema\.org\/draft-0[67]\/schema#?$/.test(String(draft))
}
