import { toDocument } from '../schemas'
import type { EventSchema, FieldSchema } from '../schemas'
import { JUDGES, validatorCode } from './compile'
import { revivePlans } from './revive-plan'
import { hashOfAll } from './source-hashes'

/** The first line of what is written, by which it is known again. */
export const MARK = '// Written by boost-streamers schemas, from the class of an event. Each build writes it again.'

/** The form of the files; what reads them knows which it can read. */
const FORMAT = 1

/** A class's schema and its validator as a module, which needs no other. */
export function schemaModule({ event, schema }: EventSchema, sources: Readonly<Record<string, string>>): string {
  const { plan, plans } = revivePlans(schema)
  const facts = { format: FORMAT, event, hash: hashOfAll(sources), sources, names: namesIn(schema), plan, plans }
  return `${MARK}
'use strict'
Object.assign(exports, ${JSON.stringify(facts, undefined, 1)})
exports.validatorWith = (${JUDGES.join(', ')}) => {
const module = { exports: {} };
${validatorCode(schema).replace('"use strict";', '')}
return module.exports
}
`
}

/** The schema as other tools read it, with the hash of what it came from. */
export function schemaDocument(event: EventSchema, sources: Readonly<Record<string, string>>): string {
  const document = { ...toDocument(event), 'x-hash': hashOfAll(sources), 'x-sources': sources }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** All names that the fields of objects have in a schema. */
function namesIn(schema: FieldSchema): string[] {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { properties } = value as FieldSchema
    if (typeof properties === 'object') for (const name of Object.keys(properties)) names.add(name)
    Object.values(value).forEach(visit)
  }
  visit(schema)
  return [...names].sort()
}
