import { Misfit } from './field-reader'
import type { SchemaError } from './written-schema'

/** The first thing that a schema finds wrong with an event, told as the check of its fields tells it. */
export function misfitOf(errors: readonly SchemaError[], event: object, names: ReadonlySet<string>): Misfit {
  const error = decisive(errors)
  const path = pathOf(error.instancePath, event, names)
  const missing = error.params.missingProperty
  if (error.keyword === 'required' && missing !== undefined) return new Misfit(`${path}${member(missing, names)}`)
  return new Misfit(path, error.parentSchema?.said ?? 'value of its type')
}

/** Where none of several fits: the one thing that is wrong deeper down, if it is but one; else that none fits. */
function decisive(errors: readonly SchemaError[]): SchemaError {
  const last = errors[errors.length - 1]
  if (last.keyword !== 'anyOf') return last
  const deeper = errors.filter(
    ({ instancePath, keyword }) => instancePath.startsWith(`${last.instancePath}/`) || keyword === 'required'
  )
  return deeper.length === 1 ? deeper[0] : last
}

/** A JSON pointer as `.inner.count` or `.list[2]`. */
function pathOf(pointer: string, event: object, names: ReadonlySet<string>): string {
  let value: unknown = event
  let path = ''
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path += Array.isArray(value) ? `[${key}]` : member(key, names)
    value = (value as Record<string, unknown> | undefined)?.[key]
  }
  return path
}

/** A name that only the event has is part of its payload, and does not belong in a log. */
function member(name: string, names: ReadonlySet<string>): string {
  return `.${names.has(name) ? name : '*'}`
}
