import type { ErrorObject } from 'ajv'

/** What is wrong with a value, in words that name the field and what it must be, never the value. */
export function whereWrong([first]: readonly ErrorObject[]): string {
  if (!first) return 'a field does not fit its schema'
  const { instancePath, message = 'does not fit its schema', params } = first
  const path = instancePath.split('/').slice(1).map(unescaped)
  const { missingProperty, additionalProperty, unevaluatedProperty } = params as Readonly<Record<string, string>>
  if (missingProperty !== undefined) return `the field ${[...path, missingProperty].join('.')} is missing`
  const unknown = additionalProperty ?? unevaluatedProperty
  if (unknown !== undefined) return `the schema has no field ${[...path, unknown].join('.')}`
  return `${path.length === 0 ? 'the event' : `the field ${path.join('.')}`} ${message}`
}

/** RFC 6901, section 4. */
function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
