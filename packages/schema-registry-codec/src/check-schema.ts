import { Misfit } from './misfit'
/** Characters of a schema's text. */
export const MAX_SCHEMA_CHARACTERS = 1_048_576
/** Levels and parts of a schema: what walks over it is recursive, and code is made of it. */
const MAX_SCHEMA_LEVELS = 100
const MAX_SCHEMA_PARTS = 50_000

/** What avsc would take for a member of every object, or set an object's prototype with. */
const FORBIDDEN = new Set(['__proto__'])

/**
 * Throws for a schema that is too large or too deep to be made a type, or whose fields would reach an object's prototype. The rules of
 * its language are its library's to hold.
 */
export function checkSchema(schema: unknown): void {
  let parts = 0
  const visit = (part: unknown, level: number): void => {
    parts += 1
    if (parts > MAX_SCHEMA_PARTS) throw new Misfit(`it has more than ${MAX_SCHEMA_PARTS} parts`)
    if (level > MAX_SCHEMA_LEVELS) throw new Misfit(`it is nested deeper than ${MAX_SCHEMA_LEVELS} levels`)
    if (typeof part !== 'object' || part === null) return
    if ('name' in part && FORBIDDEN.has(part.name as string))
      throw new Misfit(`the name ${String(part.name)} is forbidden`)
    for (const inner of Object.values(part)) visit(inner, level + 1)
  }
  visit(schema, 0)
}
