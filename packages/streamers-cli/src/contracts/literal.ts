import { printable } from '../terminal/output'

/** Text as a literal of TypeScript. */
export function literal(text: string): string {
  const inDoubleQuotes = printable(JSON.stringify(text))
  return `'${inDoubleQuotes.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
