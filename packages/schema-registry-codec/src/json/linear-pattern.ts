import { RE2JS } from 're2js'

/** What ajv asks of a pattern. */
interface Pattern {
  test(text: string): boolean
  /** What ajv tells patterns apart by. */
  toString(): string
}

/**
 * A pattern of a schema, in an engine whose time grows with the text and not with its power; one that this engine does not know (it has no lookahead, and no
 * back reference) in JavaScript's own. Throws for what is no pattern.
 */
export function linearPattern(pattern: string, flags: string): Pattern {
  try {
    const compiled = RE2JS.compile(pattern)
    return { test: (text) => compiled.matcher(text).find(), toString: () => `/${pattern}/${flags}` }
  } catch {
    return new RegExp(pattern, flags)
  }
}
linearPattern.code = 'require("re2js")'
