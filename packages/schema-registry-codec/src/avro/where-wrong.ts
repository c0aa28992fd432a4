import type { Type } from 'avsc'
import { TextType } from './types/logical'

/** What is wrong with a value, in words that name the field and the type, never the value. */
export function whereWrong(type: Type, value: unknown): string {
  let first: string | undefined
  const errorHook = (path: string[], found: unknown, expected: Type): void => {
    const name = expected instanceof TextType ? expected.logicalType : (expected.name ?? expected.typeName)
    const where = path.length === 0 ? 'the event' : `the field ${path.join('.')}`
    first ??=
      found === undefined ? `${where} is missing` : `${where} is no ${name.replace(/^union:.*/, 'branch of its union')}`
  }
  type.isValid(value, { errorHook })
  return first ?? 'a field is not of its type'
}
