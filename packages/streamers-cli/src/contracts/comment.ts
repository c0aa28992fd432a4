import { printable } from '../terminal/output'

/** Characters of one comment; a schema's documentation may be a book. */
const MAX_LENGTH = 2_000

/**
 * A doc comment of texts that anybody may have written, indented, with its line end; empty where there is nothing to say. It ends where
 * it is to end, holds no directive for a compiler or linter, and nothing that a terminal or an editor would obey.
 */
export function comment(texts: readonly (string | undefined)[], indent = ''): string {
  const lines = texts.flatMap(linesOf)
  if (lines.length === 0) return ''
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}

function linesOf(text: string | undefined): string[] {
  if (text === undefined) return []
  const lines = text.slice(0, MAX_LENGTH).split(/\r\n?|[\n\u2028\u2029]/)
  return lines.map(harmless).filter((line) => line !== '')
}

function harmless(line: string): string {
  // Directives and tags stand at the beginning of a line.
  return printable(line.replaceAll('\t', ' ').trim())
    .replaceAll('*/', '*\\/')
    .replace(/^(?=[@/*])/, '- ')
}
