import type * as ts from 'typescript'
import { compiler } from '../../../inspect'

/** Numbers as texts. What a pattern looks at is bounded, so that no text takes long. */
const NUMBER = '[+-]?(?:\\d{1,60}(?:\\.\\d{0,60})?|\\.\\d{1,60})(?:[eE][+-]?\\d{1,3})?'
const INTEGER = '-?\\d{1,60}'
const ANY_TEXT = '[\\s\\S]*'

/**
 * A regular expression for the texts of a template literal type, as of `id-${number}`. From its first `${string}` to its last, any text is accepted: each further one would make
 * the time that a text takes grow with a power of its length.
 */
export function templatePattern({ texts, types }: ts.TemplateLiteralType): string {
  const parts = texts.flatMap((text, index) => [escaped(text), ...(index < types.length ? [partOf(types[index])] : [])])
  const first = parts.indexOf(ANY_TEXT)
  const last = parts.lastIndexOf(ANY_TEXT)
  const between = first < 0 ? parts : [...parts.slice(0, first), ANY_TEXT, ...parts.slice(last + 1)]
  return `^${between.join('')}$`
}

function partOf({ flags }: ts.Type): string {
  if (flags & compiler.TypeFlags.NumberLike) return NUMBER
  return flags & compiler.TypeFlags.BigIntLike ? INTEGER : ANY_TEXT
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
